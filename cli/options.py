"""The commands' options, each with its environment variable."""

from typing import Annotated

import typer

from cli.setup import Rotated

_VISIBLE = "use the variable: other users of this machine can see options"

Account = Annotated[str | None, typer.Option(help="The Exotel account's SID; a new one is added to those there.")]
OfAccount = Annotated[
    str | None,
    typer.Option(
        "--account", envvar="EXOTEL_ACCOUNT_SID", help="The Exotel account's SID; needed if there are several."
    ),
]
ExotelKey = Annotated[str | None, typer.Option(envvar="EXOTEL_API_KEY", help=f"Exotel's API key ({_VISIBLE}).")]
ExotelToken = Annotated[str | None, typer.Option(envvar="EXOTEL_API_TOKEN", help=f"Exotel's API token ({_VISIBLE}).")]
ExotelHost = Annotated[str | None, typer.Option(envvar="EXOTEL_API_HOST", help="The Subscriber API's base URL.")]
SdkHost = Annotated[str | None, typer.Option(envvar="EXOTEL_SDK_HOST", help="The host that the app's SDK talks to.")]
Exophone = Annotated[str | None, typer.Option(envvar="EXOTEL_EXOPHONE", help="The number that the apps dial.")]
OutgoingNumber = Annotated[
    str | None,
    typer.Option(envvar="EXOTEL_OUTGOING_NUMBER", help="The number that the callee sees; - for the one dialled."),
]
Fcm = Annotated[str | None, typer.Option(envvar="FCM_SERVICE_ACCOUNT", help="The path of Firebase's key file.")]
Apns = Annotated[str | None, typer.Option(envvar="APNS_KEY_FILE", help="The path of Apple's AuthKey_….p8.")]
ApnsKeyId = Annotated[str | None, typer.Option(help="The key's id; taken from the file's name if it is there.")]
ApnsTeamId = Annotated[str | None, typer.Option(help="The id of the developer team at Apple.")]
ApnsBundleId = Annotated[str | None, typer.Option(help="The iOS app's bundle id, without .voip.")]
OwnApp = Annotated[
    bool, typer.Option("--own-app", help="Keep --fcm and --apns for this account alone, which has an app of its own.")
]
Rotate = Annotated[
    list[Rotated] | None,
    typer.Option(help="Generate these credentials again; the present ones stop working within minutes."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask no question: keep present values, and write the changes shown.")]
HideCredentials = Annotated[
    bool, typer.Option("--hide-credentials", help="Do not print URLs and keys; for logs that others can read.")
]
Profile = Annotated[str | None, typer.Option(help="The AWS profile, in place of AWS_PROFILE.")]
Region = Annotated[str | None, typer.Option(envvar=["AWS_REGION", "AWS_DEFAULT_REGION"], help="The stack's region.")]
Stack = Annotated[
    str, typer.Option("--stack", envvar="SWITCHBOARD_STACK", help="The name that the stack was deployed under.")
]
Local = Annotated[bool, typer.Option("--local", help="Work on the local stack that `make run` serves at PORT.")]
BeforeDeploy = Annotated[bool, typer.Option("--before-deploy", help="Check only the account and the saved answers.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
