/* Every text of the page, Portuguese first, English beside it. */

const TEXTS = {
  "pt-BR": {
    skip: "Ir para a mensagem",
    subtitle: "Experimente o atendimento: à esquerda o celular do cliente, à direita a caixa de entrada.",
    liveOn: "ao vivo",
    liveOff: "reconectando…",
    toEnglish: "English",
    themeLabel: "Alternar tema claro ou escuro",
    noModelTitle: "Nenhum modelo configurado:",
    noModelText: "o robô responde só com o que está na base de conhecimento e passa o resto para uma pessoa. Defina OPENAI_API_KEY (ou OPENAI_BASE_URL) e reinicie.",
    tabCustomer: "Cliente",
    tabOperator: "Operador",
    customerSide: "Cliente",
    chooseCustomer: "Cliente no celular",
    newCustomer: "Novo cliente",
    operatorSide: "Caixa de entrada",
    youAre: "Você é {name}",
    conversations: "Conversas",
    emptyList: "Nenhuma conversa ainda. Escreva pelo celular do cliente para começar.",
    emptyDetail: "Escolha uma conversa para ver o histórico, as notas e o responsável.",
    emptyPhone: "Diga oi. {name} responde em segundos.",
    startersHeading: "Sugestões para começar",
    today: "Hoje",
    online: "online",
    botTyping: "digitando…",
    attach: "Anexar",
    sendVoice: "Mensagem de voz",
    sendPhoto: "Foto",
    sendLocation: "Localização",
    writeMessage: "Mensagem",
    sendMessage: "Enviar mensagem",
    voice: "Mensagem de voz",
    photo: "Foto",
    location: "Localização",
    takeOver: "Assumir",
    handBack: "Devolver ao robô",
    resolve: "Resolver",
    actions: "Ações da conversa",
    reply: "Responder",
    note: "Nota privada",
    mode: "Tipo de mensagem",
    send: "Enviar",
    replyLabel: "Resposta ao cliente",
    noteLabel: "Nota privada",
    replyPlaceholder: "Escreva para {name}…",
    notePlaceholder: "Só a equipe vê esta nota.",
    hintPending: "O robô está atendendo. Se você responder, ele se cala.",
    hintKeys: "Ctrl + Enter envia.",
    back: "Voltar para as conversas",
    open: "Aberta",
    pending: "Com o robô",
    resolved: "Resolvida",
    snoozed: "Adiada",
    nobody: "Sem responsável",
    ownerBot: "Robô: {name}",
    robot: "Robô",
    automatic: "Automático",
    phoneApp: "Pelo celular da loja",
    privateNote: "Nota privada",
    failed: "Não entregue",
    unread: "{n} não lidas",
    took: "{s} s",
    tookLabel: "Tempo desde a mensagem do cliente",
    engine: "Motor",
    turn: "Turno {id}",
    error: "Não deu certo. Tente de novo.",
  },
  en: {
    skip: "Skip to the message box",
    subtitle: "Try the service: the customer's phone on the left, the team's inbox on the right.",
    liveOn: "live",
    liveOff: "reconnecting…",
    toEnglish: "Português",
    themeLabel: "Switch light or dark theme",
    noModelTitle: "No model configured:",
    noModelText: "the bot answers only from the knowledge base and hands the rest to a person. Set OPENAI_API_KEY (or OPENAI_BASE_URL) and restart.",
    tabCustomer: "Customer",
    tabOperator: "Operator",
    customerSide: "Customer",
    chooseCustomer: "Customer on the phone",
    newCustomer: "New customer",
    operatorSide: "Inbox",
    youAre: "You are {name}",
    conversations: "Conversations",
    emptyList: "No conversations yet. Write from the customer's phone to begin.",
    emptyDetail: "Choose a conversation to see its history, notes and owner.",
    emptyPhone: "Say hello. {name} answers within seconds.",
    startersHeading: "Ideas to begin with",
    today: "Today",
    online: "online",
    botTyping: "typing…",
    attach: "Attach",
    sendVoice: "Voice message",
    sendPhoto: "Photo",
    sendLocation: "Location",
    writeMessage: "Message",
    sendMessage: "Send message",
    voice: "Voice message",
    photo: "Photo",
    location: "Location",
    takeOver: "Take over",
    handBack: "Hand back to bot",
    resolve: "Resolve",
    actions: "Conversation actions",
    reply: "Reply",
    note: "Private note",
    mode: "Kind of message",
    send: "Send",
    replyLabel: "Reply to the customer",
    noteLabel: "Private note",
    replyPlaceholder: "Write to {name}…",
    notePlaceholder: "Only the team sees this note.",
    hintPending: "The bot is handling this. If you reply, it goes silent.",
    hintKeys: "Ctrl + Enter sends.",
    back: "Back to the conversations",
    open: "Open",
    pending: "With the bot",
    resolved: "Resolved",
    snoozed: "Snoozed",
    nobody: "Nobody assigned",
    ownerBot: "Bot: {name}",
    robot: "Bot",
    automatic: "Automatic",
    phoneApp: "From the shop's phone",
    privateNote: "Private note",
    failed: "Not delivered",
    unread: "{n} unread",
    took: "{s} s",
    tookLabel: "Time since the customer's message",
    engine: "Engine",
    turn: "Turn {id}",
    error: "That did not work. Try again.",
  },
};

let language = document.documentElement.lang in TEXTS ? document.documentElement.lang : "pt-BR";

export const currentLanguage = () => language;

export function t(key, values = {}) {
  const text = TEXTS[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export function setLanguage(next) {
  language = next in TEXTS ? next : "pt-BR";
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-placeholder]")) {
    node.placeholder = t(node.dataset.tPlaceholder);
  }
}

export const clock = (millis) =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(millis);

/* Short waits read "< 0,1", never a wrong zero. */
export function seconds(value) {
  const digits = { maximumFractionDigits: value < 10 ? 1 : 0 };
  const text = new Intl.NumberFormat(language, digits).format(Math.max(value, 0.1));
  return value < 0.1 ? `< ${text}` : text;
}
