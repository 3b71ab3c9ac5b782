"""An account from its making to its leaving, as a reader goes through it, with script, without, and by keyboard."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

PASSWORD = "winter hat with 7 pockets"


@pytest.fixture(autouse=True)
def no_posts_of_another_test(transactional_db):
    cache.clear()


def heading(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def sign_in(page, password):
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_registration_to_a_sign_in_with_two_factors(live_server, new_page, page_problems, script):
    page = new_page(java_script_enabled=script)
    page.goto("/guide/method/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill("something else")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("alert")).to_contain_text("match")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    heading(page, "ada")

    page.get_by_role("link", name="Set one up").click()
    page.get_by_role("link", name="Set it up").click()
    expect(page.get_by_role("img", name="QR code of the key below")).to_be_visible()
    device = TOTPDevice.objects.get()
    page.get_by_label("Code that the app shows").fill(f"{totp(device.bin_key):06d}")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Use it from now on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    backup = page.locator(".codes li").first.inner_text()

    page.get_by_role("navigation", name="Your own").get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".messages")).to_contain_text("You are signed out.")
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("User name")).to_have_value("ada")
    sign_in(page, PASSWORD)
    heading(page, "Second step")
    page.get_by_label("Code").fill(backup)
    page.get_by_role("button", name="Sign in").click()
    heading(page, "ada")
    # The two forms in error, which Chromium reports as failed loads.
    page_problems[:] = [problem for problem in page_problems if "the server responded with a status of 422" not in problem]


def test_signing_in_and_out_takes_no_mouse(live_server, page):
    User.objects.create_user("ada", password=PASSWORD)
    page.goto("/account/sign-in/")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type("ada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "ada")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
