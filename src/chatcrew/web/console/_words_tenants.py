"""What is read on the page of tenants."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "tenants": ("Negócios e arquivos", "Businesses and files"),
    "tenants.lead": (
        "Quem o bot atende, por quais caixas, e se o que está nos arquivos é o que vale.",
        "Whom the bot answers for, by which inboxes, and whether what the files say is in force.",
    ),
    "tenants.version": ("Versão em vigor", "Version in force"),
    "tenants.count": ("Negócios", "Businesses"),
    "tenants.faults": ("Falhas nos arquivos", "Faults in the files"),
    "tenants.faults.none": ("os arquivos valem como estão", "the files are in force as they are"),
    "tenants.faults.kept": (
        "a mudança não vale; segue a versão anterior",
        "the change is not in force; the version before stays",
    ),
    "tenants.faults.some": ("valem, apesar delas", "in force in spite of them"),
    "tenants.advice": ("Avisos do exame", "Found by the examination"),
    "tenants.last_fault": ("O que está errado", "What is wrong"),
    "tenants.more": ("Para ver todas, no servidor:", "To see them all, on the server:"),
    "tenants.found": (
        "O que o exame das contas do Chatwoot achou",
        "What the examination of the Chatwoot accounts found",
    ),
    "tenants.none": ("Nenhum negócio", "No business"),
    "tenants.none.how": (
        "Um negócio é um arquivo em config/domains. Crie o primeiro no servidor:",
        "A business is a file in config/domains. Make the first one on the server:",
    ),
    "tenants.bot": ("Atende como", "Answers as"),
    "tenants.functions": ("Funções", "Functions"),
    "tenants.inboxes": ("Caixas", "Inboxes"),
    "tenants.inboxes.none": (
        "Nenhuma caixa leva a este negócio (chatcrew connect).",
        "No inbox leads to this business (chatcrew connect).",
    ),
    "tenants.inbox": ("caixa {number}", "inbox {number}"),
    "tenants.inbox.rest": ("as outras caixas", "all other inboxes"),
    "tenants.zone": ("Fuso", "Time zone"),
    "tenants.last": ("Último atendimento", "Last turn"),
    "tenants.last.none": ("ainda nenhum", "none yet"),
    "tenants.last.old": ("com a versão {version}", "with version {version}"),
    "tenants.draft": ("só rascunhos", "drafts only"),
    "tenants.people_first": ("pessoas primeiro", "people first"),
}
