"""What readers are told in mails and on the small pages behind their links, in each language.

Plain tables and not gettext catalogues: the language is the subscriber's and not the request's, and a missing
translation fails a test and not a reader.
"""

from types import SimpleNamespace

FALLBACK = "uk"

_TEXTS = {
    "uk": {
        "web_version": "Вебверсія",
        "unsubscribe": "Відписатися",
        "why": "Ви отримали цей лист, бо підписалися на розсилку «{newsletter}» з адреси {email}.",
        "donate": "Підтримати",
        "more": "Читати",
        "confirm_subject": "Підтвердьте підписку на «{newsletter}»",
        "confirm_lead": "Хтось, імовірно ви, підписує цю адресу на розсилку «{newsletter}».",
        "confirm_action": "Підтвердити підписку",
        "confirm_hint": "Якщо це були не ви, нічого не робіть: без підтвердження листів не буде. "
        "Посилання діє {days} днів.",
        "confirm_title": "Підтвердження підписки",
        "confirm_question": "Підписати {email} на розсилку «{newsletter}»?",
        "confirmed_title": "Підписку оформлено",
        "confirmed": "Адресу {email} підписано на «{newsletter}». Дякуємо!",
        "superseded_title": "Це посилання вже не діє",
        "superseded": "Від цієї розсилки ви згодом відписалися. Щоб отримувати її знову, підпишіться ще раз.",
        "expired_title": "Посилання застаріло",
        "expired": "Термін дії посилання минув. Підпишіться ще раз, і ми надішлемо нове.",
        "invalid_title": "Неправильне посилання",
        "invalid": "Схоже, посилання скопійовано не повністю. Відкрийте його просто з листа.",
        "unsubscribe_title": "Відписатися від розсилки",
        "unsubscribe_question": "Більше не надсилати «{newsletter}» на {email}?",
        "unsubscribed_title": "Вас відписано",
        "unsubscribed": "Ми більше не надсилатимемо «{newsletter}» на {email}.",
        "test": "[Проба] ",
    },
    "ru": {
        "web_version": "Веб-версия",
        "unsubscribe": "Отписаться",
        "why": "Вы получили это письмо, потому что подписались на рассылку «{newsletter}» с адреса {email}.",
        "donate": "Поддержать",
        "more": "Читать",
        "confirm_subject": "Подтвердите подписку на «{newsletter}»",
        "confirm_lead": "Кто-то, вероятно вы, подписывает этот адрес на рассылку «{newsletter}».",
        "confirm_action": "Подтвердить подписку",
        "confirm_hint": "Если это были не вы, ничего не делайте: без подтверждения писем не будет. "
        "Ссылка действует {days} дней.",
        "confirm_title": "Подтверждение подписки",
        "confirm_question": "Подписать {email} на рассылку «{newsletter}»?",
        "confirmed_title": "Подписка оформлена",
        "confirmed": "Адрес {email} подписан на «{newsletter}». Спасибо!",
        "superseded_title": "Эта ссылка уже не действует",
        "superseded": "От этой рассылки вы позже отписались. Чтобы получать её снова, подпишитесь ещё раз.",
        "expired_title": "Ссылка устарела",
        "expired": "Срок действия ссылки истёк. Подпишитесь ещё раз, и мы пришлём новую.",
        "invalid_title": "Неправильная ссылка",
        "invalid": "Похоже, ссылка скопирована не полностью. Откройте её прямо из письма.",
        "unsubscribe_title": "Отписаться от рассылки",
        "unsubscribe_question": "Больше не присылать «{newsletter}» на {email}?",
        "unsubscribed_title": "Вы отписаны",
        "unsubscribed": "Мы больше не будем присылать «{newsletter}» на {email}.",
        "test": "[Проба] ",
    },
    "en": {
        "web_version": "Web version",
        "unsubscribe": "Unsubscribe",
        "why": "You get this message because you subscribed to “{newsletter}” with the address {email}.",
        "donate": "Support us",
        "more": "Read",
        "confirm_subject": "Confirm your subscription to “{newsletter}”",
        "confirm_lead": "Somebody, probably you, is subscribing this address to “{newsletter}”.",
        "confirm_action": "Confirm the subscription",
        "confirm_hint": "If it wasn't you, do nothing: without a confirmation we send nothing. "
        "The link works for {days} days.",
        "confirm_title": "Confirm your subscription",
        "confirm_question": "Subscribe {email} to “{newsletter}”?",
        "confirmed_title": "You are subscribed",
        "confirmed": "{email} now gets “{newsletter}”. Thank you!",
        "superseded_title": "This link no longer works",
        "superseded": "You have unsubscribed since. To get this newsletter again, subscribe once more.",
        "expired_title": "This link has expired",
        "expired": "The time to use this link is over. Subscribe once more, and we will send a new one.",
        "invalid_title": "This link is not right",
        "invalid": "It seems that only a part of the link was copied. Open it straight from the message.",
        "unsubscribe_title": "Unsubscribe",
        "unsubscribe_question": "Send no more of “{newsletter}” to {email}?",
        "unsubscribed_title": "You are unsubscribed",
        "unsubscribed": "We won't send “{newsletter}” to {email} any more.",
        "test": "[Test] ",
    },
}

LANGUAGES = tuple(_TEXTS)


def texts(language: str) -> SimpleNamespace:
    """The strings of this language, as attributes; Ukrainian for one that we don't speak."""
    return SimpleNamespace(**_TEXTS.get(language, _TEXTS[FALLBACK]))
