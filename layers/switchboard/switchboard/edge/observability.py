"""The one logger; its service and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. Metrics: edge/metrics.py."""

from aws_lambda_powertools import Logger

# Messages are words: Powertools would try each as JSON, and make an exception of each that is none.
logger = Logger(json_deserializer=str)
