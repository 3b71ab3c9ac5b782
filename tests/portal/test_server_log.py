"""The server's log, which is not Django's, keeps the same silence about programs."""

from gunicorn.config import Config

from portal.logs import ServerLog


def test_the_key_of_a_program_is_in_no_log_of_the_server(capsys):
    config = Config()
    config.set("accesslog", "-")
    config.set("errorlog", "-")
    log = ServerLog(config)
    key = "k3y" * 10
    log.access_log.info(
        '"GET /programs/%s/edit/?from=%s HTTP/1.1" 200 "http://host/account/sign-in/?next=%%2Fprograms%%2F%s%%2F"', key, key, key
    )
    log.error("Worker failed at /programs/%s/", key)
    written = "".join(capsys.readouterr())
    assert "/programs/…/edit/" in written
    assert "Worker failed at /programs/…/" in written
    assert key not in written
