"""Uploads the code of the built template's functions and layers, as `sam package` does.

The archives are not compressed, since the emulator copies each one for every Lambda worker.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from local.deployment.aws import Aws

BUCKET = "switchboard-local-artifacts"
CODE_PROPERTY = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


def upload_code(aws: Aws, template: dict[str, Any], folder: Path) -> None:
    """Upload each code folder, named relative to `folder`, and point the template, in place, at the uploads."""
    aws.s3.create_bucket(Bucket=BUCKET)
    for name, resource in template["Resources"].items():
        if code := CODE_PROPERTY.get(resource["Type"]):
            body = archive(folder / resource["Properties"][code])
            aws.s3.put_object(Bucket=BUCKET, Key=f"{name}.zip", Body=body)
            resource["Properties"][code] = f"s3://{BUCKET}/{name}.zip"


def upload_template(aws: Aws, template: dict[str, Any]) -> str:
    """Upload a template and return its URL: CloudFormation accepts one of more than 51,200 bytes only from S3."""
    aws.s3.put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template).encode())
    return f"https://s3.amazonaws.com/{BUCKET}/template.json"


def archive(folder: Path) -> bytes:
    """A zip of all files under a folder."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as zipped:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                zipped.write(file, file.relative_to(folder))
    return written.getvalue()
