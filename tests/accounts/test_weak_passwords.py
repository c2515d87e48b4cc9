"""Which passwords are refused."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from articles.models import User


@pytest.mark.parametrize("password", ["adminadmin", "admin12345", "nimda-admin", "password123"])
def test_a_password_that_others_guess_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="admin"))


@pytest.mark.parametrize("password", ["an even longer one", "admin and four words more"])
def test_a_long_one_of_ones_own_is_taken(password):
    validate_password(password, User(username="admin"))
