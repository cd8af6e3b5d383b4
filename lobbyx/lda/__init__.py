"""The Senate's data as it comes: the API's client, saved answers, and the checked records in them."""
