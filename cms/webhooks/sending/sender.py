"""The sender: the main thread speaks with the database, others with endpoints, one each and never two to the same."""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.db.models import Q
from django.utils import timezone

from cms.content.locks import alone
from cms.webhooks import http, signing
from cms.webhooks.addresses import AddressRefused
from cms.webhooks.events import PING
from cms.webhooks.models import Delivery, Endpoint
from cms.webhooks.sending import claims, schedule
from cms.webhooks.sending.claims import Claim, Outcome

#: The advisory lock of the one who sends: "webhooks" as bytes. Who holds it knows that every other sender is dead.
LOCK = 0x776562686F6F6B73
#: What PostgreSQL's list of sessions calls its holder.
SESSION = "ostriv webhooks"
#: Endpoints that are spoken with at once: those that don't answer hold up no other until there are so many.
AT_ONCE = 16
#: Seconds after which the sender looks for news while requests are on their way.
_LOOK = 0.2
_AGENT = "Ostriv-Webhooks/1"


def send_due(seconds: float) -> int:
    """Send what is due for so many seconds, or until there is nothing more. Returns how many requests were made.

    Nothing is done while another sender is at it. What a dead one left is sent again: a receiver may get an event
    twice, with the same id.
    """
    with alone(LOCK, SESSION) as mine:
        if not mine:
            return 0
        claims.recover()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            return _Turn(pool, seconds).run()


def has_work() -> bool:
    """Whether there is something due now."""
    now = timezone.now()
    due = Delivery.objects.filter(state=Delivery.State.PENDING, next_attempt_at__lte=now)
    awake = Q(endpoint__rests_until__isnull=True) | Q(endpoint__rests_until__lte=now)
    return due.filter(Q(kind=PING) | (awake & Q(endpoint__state=Endpoint.State.ACTIVE))).exists()


class _Turn:
    def __init__(self, pool: ThreadPoolExecutor, seconds: float) -> None:
        self.pool = pool
        self.end = time.monotonic() + seconds
        self.flights: dict[Future[Outcome], Claim] = {}
        self.not_before: dict[int, float] = {}
        self.sent = 0

    def run(self) -> int:
        while True:
            held = self._begin() if time.monotonic() < self.end else False
            if not self.flights and not held:
                return self.sent
            self._land()

    def _begin(self) -> bool:
        """Begin a request for every endpoint that has something due and nothing on its way.

        Returns whether an endpoint that may have more is held by its rate only.
        """
        held = False
        busy = {claim.endpoint_id for claim in self.flights.values()}
        rates = dict(Endpoint.objects.values_list("pk", "rate"))
        for endpoint_id in claims.endpoints_to_serve():
            if len(self.flights) >= AT_ONCE or endpoint_id in busy:
                continue
            if self.not_before.get(endpoint_id, 0.0) > time.monotonic():
                held = True
            elif claim := claims.claim(endpoint_id):
                self.not_before[endpoint_id] = time.monotonic() + 1 / max(rates.get(endpoint_id, 1), 1)
                self.flights[self.pool.submit(_request, claim)] = claim
                self.sent += 1
        return held

    def _land(self) -> None:
        """Write down what has come back."""
        patience = self._next_turn()
        if not self.flights:
            time.sleep(patience)
            return
        done, _others = wait(self.flights, timeout=patience, return_when=FIRST_COMPLETED)
        for flight in done:
            claims.record(self.flights.pop(flight), flight.result())

    def _next_turn(self) -> float:
        """Seconds until an endpoint's rate lets it have the next request, or until it is time to look again."""
        now = time.monotonic()
        return max(0.0, min([_LOOK, *(moment - now for moment in self.not_before.values() if moment > now)]))


def _request(claim: Claim) -> Outcome:
    """Make one request. Runs in a thread: it touches no database."""
    began_at, began = timezone.now(), time.monotonic()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        **signing.headers(claim.event, claim.body, claim.keys, began_at),
    }

    def outcome(**found: object) -> Outcome:
        return Outcome(began_at, round((time.monotonic() - began) * 1000), **found)  # type: ignore[arg-type]

    try:
        answer = http.post(claim.url, claim.body, headers)
    except (AddressRefused, http.RequestFailed) as error:
        return outcome(error=str(error))
    except Exception as error:  # whatever an answer does to us, it is an attempt that failed
        return outcome(error=f"{type(error).__name__}")
    return outcome(
        status=answer.status,
        answer=answer.body.decode(errors="replace").replace("\x00", ""),
        retry_after=schedule.retry_after(answer.headers.get("retry-after", ""), began_at),
    )
