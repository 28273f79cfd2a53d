"""The words of the checkout page."""

TEXTS = {
    "uk": {
        "title": "Пробна оплата",
        "about": "Це пісочниця: гроші не рухаються, картка не потрібна. Оберіть, чим має закінчитися оплата.",
        "to": "Кому",
        "amount": "Сума",
        "pay": "Оплатити",
        "decline": "Відхилити",
        "later": "Оплатити згодом",
        "later_hint": "Підтвердження надійде за кілька секунд після повернення.",
        "refund": "Оплатити й одразу повернути",
    },
    "ru": {
        "title": "Пробная оплата",
        "about": "Это песочница: деньги не движутся, карта не нужна. Выберите, чем должна закончиться оплата.",
        "to": "Кому",
        "amount": "Сумма",
        "pay": "Оплатить",
        "decline": "Отклонить",
        "later": "Оплатить позже",
        "later_hint": "Подтверждение придёт через несколько секунд после возвращения.",
        "refund": "Оплатить и сразу вернуть",
    },
    "en": {
        "title": "Trial payment",
        "about": "This is a sandbox: no money moves, no card is needed. Choose how the payment should end.",
        "to": "To",
        "amount": "Amount",
        "pay": "Pay",
        "decline": "Decline",
        "later": "Pay later",
        "later_hint": "The confirmation comes some seconds after you are back.",
        "refund": "Pay, and refund at once",
    },
}
