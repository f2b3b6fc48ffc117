"""Why didn't it ring? The guides' troubleshooting as small rules over what is known of a call or a subscriber."""
