"""The one logger; its service and level come from POWERTOOLS_SERVICE_NAME and LOG_LEVEL. Metrics: edge/metrics.py."""

from aws_lambda_powertools import Logger

logger = Logger()
