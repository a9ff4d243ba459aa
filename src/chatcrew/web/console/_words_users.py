"""What is read on the page of who may enter."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "users": ("Acessos", "Access"),
    "users.lead": (
        "Quem entra neste console e o que cada um pode ver e fazer.",
        "Who enters this console, and what each may see and do.",
    ),
    "sheet.accounts": ("Contas", "Accounts"),
    "users.name": ("Usuário", "User name"),
    "users.role": ("Papel", "Role"),
    "users.tenants": ("Vê", "Sees"),
    "users.tenants.all": ("Todos os negócios", "All businesses"),
    "users.tenants.none": ("Nenhum negócio", "No business"),
    "users.seen": ("Última entrada", "Last signed in"),
    "users.never": ("nunca entrou", "never yet"),
    "users.now": ("Dentro agora", "Signed in now"),
    "users.browsers": ("{count} navegadores", "{count} browsers"),
    "users.browsers.one": ("um navegador", "one browser"),
    "users.you": ("você", "you"),
    "users.what": ("O que pode cada papel", "What each role may do"),
    "users.what.viewer": (
        "Olha números e conversas dos negócios que vê.",
        "Looks at figures and conversations of the businesses he sees.",
    ),
    "users.what.admin": (
        "Também age: tenta de novo, descarta, exporta.",
        "Also acts: tries again, discards, exports.",
    ),
    "users.what.owner": (
        "Também apaga dados de pessoas e decide quem entra.",
        "Also erases people's data and decides who may enter.",
    ),
    "users.change": ("Mudar", "Change"),
    "users.change.how": (
        "Vale a partir do próximo clique dele.",
        "It counts from his next click on.",
    ),
    "users.revoke": ("Encerrar sessões", "Sign out everywhere"),
    "users.remove": ("Apagar conta", "Delete account"),
    "users.remove.how": (
        "A conta some e sai de todos os navegadores. O que ela fez continua no registro.",
        "The account goes and is signed out everywhere. What it did stays on record.",
    ),
    "users.add": ("Novo acesso", "New access"),
    "users.add.how": (
        "Combine a senha com a pessoa e peça que não a use em outro lugar.",
        "Agree on the password with the person, who uses it nowhere else.",
    ),
    "users.password": ("Senha (10 caracteres ou mais)", "Password (10 characters or more)"),
    "users.create": ("Criar acesso", "Create access"),
    "said.user.added": ("Acesso criado.", "Access created."),
    "said.user.taken": ("Este nome já existe.", "This name exists already."),
    "said.user.bad_name": (
        "O nome tem de 1 a 64 letras sem acento, números e . _ @ + -",
        "A name has 1 to 64 letters without accents, digits and . _ @ + -",
    ),
    "said.user.bad_password": (
        "A senha precisa de pelo menos 10 caracteres.",
        "The password needs at least 10 characters.",
    ),
    "said.user.changed": ("Mudado.", "Changed."),
    "said.user.revoked": ("Sessões encerradas.", "Signed out everywhere."),
    "said.user.removed": ("Conta apagada.", "Account deleted."),
    "said.user.gone": ("Esta conta já não existe.", "This account is gone already."),
    "said.user.self": (
        "Ninguém muda ou apaga a própria conta: peça a outro dono.",
        "Nobody changes or deletes his own account: ask another owner.",
    ),
}
