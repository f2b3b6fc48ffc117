"""What DynamoDB is asked to do, the same as by ours."""

CLAIM = (
    "SET answered_call = :call, answered_callee = callee, answered_set_at = set_at,"
    " answered_at = :at, answered_route = :route, answered_waited_ms = :waited"
)
CONDITION = (
    "attribute_exists(callee) AND expires_at > :now"
    " AND (attribute_not_exists(answered_call) OR answered_call <> :call)"
    " AND (attribute_not_exists(answered_set_at) OR answered_set_at <> set_at)"
)
