"""The one logger and the one metrics buffer; names and levels come from POWERTOOLS_* and LOG_LEVEL."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

logger = Logger()
metrics = Metrics()
