"""One visit in Chromium: load, wait until all is painted, pan, zoom; what that cost the page."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page, async_playwright
from playwright.async_api import Error as BrowserError

from benchmarks.browser.rivals import BUTTONS, Rival, Stage
from tests.journeys.chromium import arguments

WATCH = (Path(__file__).parent / "pages" / "watch.js").read_text()
VIEWPORT = {"width": 1280, "height": 800}
CALM = 0.3
SERVER = """() => {
    const [to] = performance.getEntriesByType("navigation");
    return to.responseStart - to.requestStart;
}"""
SETTLE = 1.0
"""Seconds after the last paint or gesture that still count: what a page puts off, it does then."""
PAN_STEPS, PAN_PIXELS, PAN_PACE = 80, 4, 0.016
NOTCHES, NOTCH_PACE = 6, 0.12
PARTS = {
    "cpu_ms": "ThreadTime",
    "script_ms": "ScriptDuration",
    "layout_ms": "LayoutDuration",
    "style_ms": "RecalcStyleDuration",
}
"""Out of CDP's `Performance.getMetrics`, the page's main thread: all of its processor time; and, by the
clock, scripts, layout and style."""


class NotDone(Exception):
    """It did not finish within the limit; the message says what."""


@dataclass(frozen=True)
class Gesture:
    """What a pan or a zoom took: each frame in milliseconds, and main-thread CPU."""

    frames: list[float]
    cpu_ms: float


@dataclass(frozen=True)
class Visit:
    painted_ms: float
    """From navigation to the first frame in which all stands in its place."""
    server_ms: float
    """Until the document's first byte came."""
    load: dict[str, float]
    """CPU until painted and settled, by PARTS."""
    heap_mb: float
    """What the page's scripts hold after a collection, loaded or moved about, whichever is more."""
    kilobytes: float
    """All that came over the wire, as it came."""
    pan: Gesture | None
    zoom: Gesture | None
    unfinished: str = ""
    """Which gesture was not done within the limit, where one was not."""


class Chromium:
    """A browser for one visit after another; started again when a page has hung in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.runner = asyncio.Runner()
        self.playwright = self.runner.run(async_playwright().start())
        self.browser: Browser | None = None

    def visit(self, rival: Rival, stage: Stage, *, limit: float, keep: Path | None = None) -> Visit:
        """In a fresh window with an empty cache. Raises NotDone after so many seconds of loading; a gesture
        that takes as long is left out."""
        return self.runner.run(self._visit(rival, stage, limit, keep))

    async def _visit(self, rival: Rival, stage: Stage, limit: float, keep: Path | None) -> Visit:
        if self.browser is None:
            self.browser = await self.playwright.chromium.launch(executable_path=self.path, args=arguments())
        context = await self.browser.new_context(viewport=VIEWPORT, locale="en-GB")
        try:
            visit = await measured(context, rival, stage, limit=limit, keep=keep)
            await (self._end() if visit.unfinished else context.close())
        except (NotDone, BrowserError) as trouble:
            await self._end()
            raise trouble if isinstance(trouble, NotDone) else NotDone(_first_line(trouble)) from trouble
        return visit

    async def _end(self) -> None:
        """Also where its page no longer answers."""
        if self.browser:
            with suppress(BrowserError):
                await self.browser.close()
        self.browser = None

    def close(self) -> None:
        self.runner.run(self._end())
        self.runner.run(self.playwright.stop())
        self.runner.close()


async def measured(
    context: BrowserContext, rival: Rival, stage: Stage, *, limit: float, keep: Path | None
) -> Visit:
    async with _within(limit, "the browser did not begin"):
        page, cdp = await _opened(context, stage)
    weight = _weighed(cdp)
    async with _within(limit, "not loaded and painted"):
        before = await _metrics(cdp)
        painted = await _painted(page, stage.url)
        await asyncio.sleep(SETTLE)
        after = await _metrics(cdp)
        kilobytes, heap = sum(weight) / 1000, await _heap(cdp)
        server = await page.evaluate(SERVER)
        if keep:
            await page.screenshot(path=keep)
    pan = zoom = None
    unfinished = ""
    try:
        async with _within(limit, "pan not done"):
            pan = await _gesture(page, cdp, _pan(page, rival))
        async with _within(limit, "zoom not done"):
            zoom = await _gesture(page, cdp, _zoom(page, rival))
            heap = max(heap, await _heap(cdp))
    except NotDone as trouble:
        unfinished = str(trouble)
    return Visit(
        painted_ms=painted,
        server_ms=server,
        load={part: 1000 * (after[name] - before[name]) for part, name in PARTS.items()},
        heap_mb=heap,
        kilobytes=kilobytes,
        pan=pan,
        zoom=zoom,
        unfinished=unfinished,
    )


async def _opened(context: BrowserContext, stage: Stage) -> tuple[Page, CDPSession]:
    """A window on the stage's calm page: its process then loads what is measured, and is not counted."""
    await context.add_cookies(stage.cookies)
    await context.add_init_script(WATCH)
    page = await context.new_page()
    await page.goto(stage.calm, timeout=0)
    await asyncio.sleep(CALM)
    cdp = await context.new_cdp_session(page)
    for domain in ("Performance", "Network", "HeapProfiler"):
        await cdp.send(f"{domain}.enable")
    return page, cdp


@asynccontextmanager
async def _within(limit: float, trouble: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(limit):
            yield
    except TimeoutError as late:
        raise NotDone(f"{trouble} within {limit:g} s") from late


async def _painted(page: Page, url: str) -> float:
    """Milliseconds from navigation to the first complete paint, as the page says in its console: asking it
    again and again would be work of its own."""
    said: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def hear(message: ConsoleMessage) -> None:
        word, _, number = message.text.partition(" ")
        if word == "painted" and not said.done():
            said.set_result(float(number))

    page.on("console", hear)
    await page.goto(url, wait_until="commit", timeout=0)
    return await said


def _weighed(cdp: CDPSession) -> list[float]:
    """Grows by the bytes of each answer, headers and all."""
    weight: list[float] = []
    cdp.on("Network.loadingFinished", lambda answer: weight.append(answer["encodedDataLength"]))
    return weight


async def _metrics(cdp: CDPSession) -> dict[str, float]:
    answer = await cdp.send("Performance.getMetrics")
    return {metric["name"]: metric["value"] for metric in answer["metrics"]}


async def _heap(cdp: CDPSession) -> float:
    for _ in range(2):
        await cdp.send("HeapProfiler.collectGarbage")
    usage = await cdp.send("Runtime.getHeapUsage")
    return float(usage["usedSize"]) / 1e6


# --- Gestures: real input, one event after another, each sent once the page has taken the one before -------


async def _gesture(page: Page, cdp: CDPSession, made: Awaitable[None]) -> Gesture:
    before = await _metrics(cdp)
    await page.evaluate("watched.start()")
    await made
    await asyncio.sleep(SETTLE)
    frames = await page.evaluate("watched.stop()")
    after = await _metrics(cdp)
    return Gesture(frames=frames, cpu_ms=1000 * (after["ThreadTime"] - before["ThreadTime"]))


async def _pan(page: Page, rival: Rival) -> None:
    """To the left and back again."""
    x, y = await _hold(page, rival)
    await page.mouse.down()
    for at in there_and_back(PAN_STEPS):
        async with _paced(PAN_PACE):
            await page.mouse.move(x - at * PAN_PIXELS, y)
    await page.mouse.up()


async def _zoom(page: Page, rival: Rival) -> None:
    """Closer and wider again."""
    if rival.zooms_by == BUTTONS:
        for button in rival.buttons:
            for _ in range(NOTCHES):
                async with _paced(NOTCH_PACE):
                    await page.locator(button).click(force=True, timeout=0)
        return
    await _hold(page, rival)
    await page.keyboard.down("Control")
    for turn in [-100] * NOTCHES + [100] * NOTCHES:
        async with _paced(NOTCH_PACE):
            await page.mouse.wheel(0, turn)
    await page.keyboard.up("Control")


async def _hold(page: Page, rival: Rival) -> tuple[float, float]:
    """The pointer where it takes hold of the picture."""
    x, y = await page.evaluate(f"watched.hold({rival.held!r})")
    await page.mouse.move(x, y)
    return x, y


def there_and_back(steps: int) -> list[int]:
    half = steps // 2
    return [*range(1, half + 1), *range(half - 1, -1, -1)]


@asynccontextmanager
async def _paced(seconds: float) -> AsyncIterator[None]:
    """At least so long."""
    until = time.monotonic() + seconds
    yield
    await asyncio.sleep(max(0.0, until - time.monotonic()))


def _first_line(trouble: BaseException) -> str:
    return str(trouble).splitlines()[0]
