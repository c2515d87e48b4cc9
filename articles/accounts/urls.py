"""Addresses of signing in. The names are those by which django-allauth finds its own pages.

What is not here cannot be reached: no sign-up, no list of addresses, no social accounts.
"""

from __future__ import annotations

from django.urls import path, re_path

from articles.accounts import factor_views, session_views, views
from articles.accounts.views import page

urlpatterns = [
    path("", page(factor_views.Overview), name="mfa_index"),
    path("sign-in/", page(views.SignIn), name="account_login"),
    path("sign-in/passkey/", page(views.PasskeySignIn), name="mfa_login_webauthn"),
    path("sign-in/code/", page(views.SecondStep), name="mfa_authenticate"),
    path("sessions/", page(session_views.Sessions), name="account_sessions"),
    path("sign-out/", page(views.SignOut), name="account_logout"),
    path("password/", page(views.ChangePassword), name="account_change_password"),
    path("reset-password/", page(views.ResetPassword), name="account_reset_password"),
    path("reset-password/sent/", page(views.ResetSent), name="account_reset_password_done"),
    path(
        "reset-password/done/",
        page(views.ResetDone),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^reset-password/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9a-z-]{1,80})/$",
        page(views.ResetByLink),
        name="account_reset_password_from_key",
    ),
    path("confirm/", page(views.Confirm), name="account_reauthenticate"),
    path("confirm/code/", page(views.ConfirmCode), name="mfa_reauthenticate"),
    path("confirm/passkey/", page(views.ConfirmPasskey), name="mfa_reauthenticate_webauthn"),
    path("app/", page(factor_views.AddApp), name="mfa_activate_totp"),
    path("app/remove/", page(factor_views.RemoveApp), name="mfa_deactivate_totp"),
    path("passkeys/new/", page(factor_views.AddPasskey), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/name/", page(factor_views.RenamePasskey), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", page(factor_views.RemovePasskey), name="mfa_remove_webauthn"),
    path("recovery-codes/", page(factor_views.RecoveryCodes), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        page(factor_views.NewRecoveryCodes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes.txt",
        page(factor_views.DownloadRecoveryCodes),
        name="mfa_download_recovery_codes",
    ),
]
