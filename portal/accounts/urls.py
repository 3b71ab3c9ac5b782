from django.urls import path

from portal.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("code/", views.code, name="code"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("register/", views.register, name="register"),
    path("password/", views.password, name="password"),
    path("second-factor/", views.second_factor_page, name="second-factor"),
    path("second-factor/set-up/", views.set_up, name="set-up"),
    path("second-factor/backup-codes/", views.backup_codes, name="backup-codes"),
    path("second-factor/remove/", views.remove_second_factor, name="remove-second-factor"),
    path("export/", views.export, name="export"),
    path("delete/", views.delete, name="delete"),
]
