"""What every pathway stands on: records, people, organisations, places, cases, access, audit."""
