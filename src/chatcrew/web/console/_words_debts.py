"""What is read on the page of customers who wait for a person."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "debts": ("Quem espera gente", "Waiting for people"),
    "debts.lead": (
        "Clientes que o bot passou para a equipe e que ninguém respondeu ainda.",
        "Customers whom the bot gave to the team and whom nobody has answered yet.",
    ),
    "debts.count": ("Esperando", "Waiting"),
    "debts.longest": ("Espera mais longa", "Longest wait"),
    "debts.longest.note": ("desde que foi passada à equipe", "since the team has it"),
    "debts.late": ("Passo atrasado", "Step overdue"),
    "debts.late.note": (
        "o bot já devia ter lembrado a equipe",
        "the bot should have reminded the team by now",
    ),
    "debts.none": ("Ninguém espera", "Nobody waits"),
    "debts.none.how": (
        "Toda conversa passada para a equipe aparece aqui até uma pessoa responder, com o motivo e "
        "o que o bot fará se ninguém vier (people.waiting).",
        "Every conversation given to the team stands here until a person answers, with the reason "
        "and what the bot does if nobody comes (people.waiting).",
    ),
    "debts.who": ("Conversa", "Conversation"),
    "debts.tenant": ("Negócio", "Business"),
    "debts.reason": ("Motivo", "Reason"),
    "debts.since": ("Espera", "Waiting for"),
    "debts.promised": ("Prometido", "Promised"),
    "debts.next": ("Próximo passo", "Next step"),
    "debts.next.none": ("nenhum", "none"),
    "debts.steps": ("Lembretes", "Reminders"),
    "debts.open": ("Abrir no Chatwoot", "Open in Chatwoot"),
    "debts.first": ("As {count} que esperam há mais tempo.", "The {count} that wait longest."),
}
