"""What results are held against: values by hand, and formulas written independently."""
