"""The Senate's data as it arrives: the API client, saved answers, and the checked records in them."""
