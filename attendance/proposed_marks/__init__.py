"""待确认的考勤: marks entered afterwards that would take back or shorten an alert wait for another."""
