"""What must be agreed before a code may go: legal bases, agreements, code tables, phases."""
