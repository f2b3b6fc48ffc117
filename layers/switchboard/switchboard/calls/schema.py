"""The body of `POST S/context` (contract 4)."""

from pydantic import BaseModel, Field

from switchboard.calls.context import LONGEST_MESSAGE


class SetContext(BaseModel):
    """The callee whom the caller is about to dial."""

    dialToNumber: str = Field(  # noqa: N815
        min_length=1, max_length=100, description="The callee's name; `sip:` before it is ignored, `wa:` is refused."
    )
    message: str = Field(
        default="", max_length=LONGEST_MESSAGE, description="Shown to the callee while the phone rings."
    )
