"""What can be said of an address without going there."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.fetch import Refused, check, is_public

OUTSIDE = [
    "1.1.1.1",
    "93.184.215.14",
    "172.32.0.1",
    "100.128.0.1",
    "198.20.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
]

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.2.1",
    "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::8.8.8.8", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:20::1", "2001:db8::1", "2002:808:808::1", "3fff::1", "5f00::1",
    "4000::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "2606:4700::1111%lo", "fec0::1",
    "ff02::1",
]  # fmt: skip

UNUSUAL = [
    "",
    "example.org",
    "127.1",
    "8.8",
    "0177.0.0.1",
    "08.8.8.8",
    "0x7f.1",
    "2130706433",
    "8.8.8.8 ",
    "8.8.8.8/8",
]

REFUSED = [
    # this machine, in every way to write it
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://0177.0.0.1/", "http://0x7f.1/",
    "http://0x7f000001/", "http://2130706433/", "http://017700000001/", "http://0/", "http://0.0.0.0/",
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/",
    "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1%25lo]/", "http://[fe80::1%lo]/",
    "http://localhost/", "http://localhost./", "http://LOCALHOST/", "http://a.localhost/", "http://LocalHost.:80/",
    "http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://ⓛocalhost/", "http://127.0.0.1./",
    "http://127.0.0.1.:80/", "http://%31%32%37.0.0.1/", "http://ｌｏｃａｌｈｏｓｔ/",
    # the network it is in
    "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://printer/",
    "http://printer.local/", "http://metadata.google.internal/", "http://nas.home.arpa/", "http://a.b.LOCAL./",
    # not an address
    "", "example.org", "//example.org/", "http://", "http:///page", "http:example.org", "https://./",
    "http://a..b/", "http://-a.org/", "http://[::1", "http://[1.2.3.4]/", "http://a[::1]/", "http://[::1]a/",
    "http://exa mple.org/",
    "http://example.org/\r\nHost: b", "http://example.org\\@127.0.0.1/", "http://example.org/a\\b",
    "http://example.org\u200b/", "http://example.org/\ud800", "http://\udfff.org/", "http://℀.org/",
    "http://xn--/", "http://" + "a" * 64 + ".org/", "http://" + "a." * 127 + "org/", "http://1.2.3/",
    "http://1.2.3.4.5/", "http://example.0x7f/",
    # not our ways
    "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)", "data:,a",
    "http://example.org:22/", "http://example.org:0/", "http://example.org:1023/", "http://example.org:65536/",
    "http://example.org:٨٠/", "http://example.org:-1/", "http://example.org:99999999/", "http://a:b:80/",
    "http://someone@example.org/", "http://someone:secret@example.org/", "http://@example.org/",
    "https://example.org/" + "a" * 2000,
]  # fmt: skip

ACCEPTED = [
    "http://example.org", "HTTPS://Example.ORG/a?b=c#d", "https://example.org./", "https://example.org:443/",
    "https://example.org:8443/hook", "http://example.org:/", "https://bücher.example/größe?ü=é",
    "https://my_hooks.example.org/", "https://1.1.1.1/", "https://[2606:4700::1111]:8443/", "https://ntfy.sh/topic",
    "https://example.org/a//b/../c;d?e=[f]&g=%00%zz|", "https://xn--bcher-kva.example/", "https://3.example/",
]  # fmt: skip


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE + UNUSUAL)
def test_no_other_address_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("url", ACCEPTED)
def test_addresses_of_pages_are_accepted(url: str) -> None:
    check(url)


@pytest.mark.parametrize("url", REFUSED)
def test_what_leads_inside_or_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        check(url)
    assert str(refusal.value).endswith((".", "/page", "//", "93.184.215.14"))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.org/", "The address has to begin with https:// or http://"),
        ("https://", "This is not an address of a page. Write it like https://example.org/page"),
        (
            "https://me:secret@example.org/",
            "The address has a user name or a password in it, before an @. Take it out.",
        ),
        (
            "https://example.org:22/",
            "Port 22 is not one for web pages. Use 80, 443 or one from 1024 to 65535.",
        ),
        (
            "http://127.1/",
            "127.1 is an unusual way to write an address. Write four numbers, like 93.184.215.14",
        ),
        (
            "http://printer.local/secret",
            "printer.local is not on the public internet. Give an address that is, or ask whoever runs this "
            "site to allow the network it is in (FETCH_READABLE_NETWORKS).",
        ),
        ("https://a.org/" + "a" * 2000, "The address is too long: 2,000 characters is the most."),
        (
            "https://example.org/a b",
            "The address has a space, a line break or a backslash in it. Take it out.",
        ),
    ],
)
def test_a_refusal_says_what_to_do(url: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        check(url)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("networks", "url"),
    [
        (["127.0.0.0/8"], "http://127.0.0.1:8000/"),
        (["127.0.0.0/8"], "http://localhost:8000/"),
        (["::1/128"], "http://localhost:8000/"),
        (["::1/128"], "http://[::1]:8000/"),
        (["10.0.0.0/8", "fd00::/8"], "http://[fd00::5]/"),
        (["10.0.0.5"], "http://10.0.0.5/"),
        (["10.0.0.0/8"], "http://ntfy:8080/"),
        (["10.0.0.0/8"], "http://ntfy.internal/"),
    ],
)
def test_networks_of_ones_own_can_be_allowed(settings, networks: list[str], url: str) -> None:
    settings.FETCH_READABLE_NETWORKS = networks
    check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://127.0.0.1/",
        "http://10.0.0.6/",
        "http://[::ffff:10.0.0.5]/",
        "http://10.5/",
    ],
)
def test_an_allowed_network_opens_no_other(settings, url: str) -> None:
    settings.FETCH_READABLE_NETWORKS = ["10.0.0.5/32"]
    with pytest.raises(Refused):
        check(url)


PIECES = st.sampled_from(
    [*"[]@:/.%?#\\", "http://", "https://", "127", "0x7f", "xn--", "localhost", "。", "ß", "①"]
)


@given(st.text() | st.text().map("http://{}".format) | st.lists(PIECES | st.text(max_size=3)).map("".join))
@example("http://[fe80::1%25lo]/")
@example("http://xn--a/")
def test_any_text_is_accepted_or_refused_with_a_sentence(text: str) -> None:
    try:
        check(text)
    except Refused as refusal:
        assert len(str(refusal)) > 10


@given(st.text() | st.ip_addresses().map(str) | st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_any_text_is_judged(text: str) -> None:
    assert is_public(text) in (True, False)


@given(st.ip_addresses(v=4))
def test_no_ipv6_address_that_wraps_another_is_public(address) -> None:
    number = int(address)
    high, low = number >> 16, number & 0xFFFF
    wrapped = [f"::{address}", f"::ffff:{address}", f"64:ff9b::{address}", f"2002:{high:x}:{low:x}::1"]
    assert [text for text in wrapped if is_public(text)] == []
