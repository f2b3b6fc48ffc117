"""What a million calls cost on AWS, by part: the template's sizes, measured work, dated list prices."""
