/* What the server told, and what is selected; everybody who draws listens here. */

const listeners = new Set();

export const store = {
  title: "",
  businessName: "",
  modelConfigured: true,
  starters: [],
  inboxes: [],
  agent: "",
  agentId: 0,
  tab: null,
  bot: null,
  customers: [],
  conversations: new Map(),
  customerId: null,
  inboxId: null,
  conversationId: null,
  connected: false,
};

export const listen = (draw) => listeners.add(draw);

export function changed() {
  for (const draw of listeners) draw(store);
}

export function select({ customerId, inboxId, conversationId }) {
  if (customerId !== undefined) store.customerId = customerId;
  if (inboxId !== undefined) store.inboxId = inboxId;
  if (conversationId !== undefined) store.conversationId = conversationId;
  changed();
}

export const inboxOf = (id) => store.inboxes.find((inbox) => inbox.id === id);

/* What one customer wrote to one inbox: the same person may write to several businesses. */
export const conversationsOf = (customerId, inboxId) =>
  [...store.conversations.values()]
    .filter((conversation) => conversation.customer.id === customerId && conversation.inbox === inboxId)
    .sort((a, b) => a.id - b.id);

async function send(path, body) {
  const text = body === undefined ? null : JSON.stringify(body);
  return post(path, text, "application/json");
}

async function post(path, body, type) {
  const answer = await fetch(`api/${path}`, {
    method: "POST",
    headers: { "Content-Type": type, "X-Chatcrew-Sandbox": "1" },
    body,
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.status === 201 ? answer.json() : null;
}

export const api = {
  newCustomer: () => send("customers"),
  write: (body) => send(`customers/${store.customerId}/messages`, { ...body, inbox: store.inboxId }),
  upload: (file, text) => {
    const about = new URLSearchParams({ name: file.name, text, inbox: store.inboxId ?? "" });
    return post(`customers/${store.customerId}/files?${about}`, file, file.type || "application/octet-stream");
  },
  say: (conversationId, body) => send(`conversations/${conversationId}/messages`, body),
  act: (conversationId, action) => send(`conversations/${conversationId}/${action}`),
};

function take(conversation) {
  store.conversations.set(conversation.id, conversation);
  if (!store.customers.some((customer) => customer.id === conversation.customer.id)) {
    store.customers.push(conversation.customer);
  }
  /* The operator's side follows the phone until a person chooses otherwise. */
  const current = store.conversations.get(store.conversationId);
  const onPhone = (one) => one.customer.id === store.customerId && one.inbox === store.inboxId;
  const follows = !current || (onPhone(current) && conversation.id > current.id);
  if (follows && onPhone(conversation)) store.conversationId = conversation.id;
}

let stream = null;

/* The state is fetched again after every break, so nothing that happened meanwhile is missed. */
export async function connect() {
  stream?.close();
  try {
    const answer = await fetch("api/state");
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { conversations, seq, ...rest } = await answer.json();
    Object.assign(store, rest);
    store.conversations = new Map();
    store.customerId ??= conversations.at(-1)?.customer.id ?? rest.customers[0]?.id ?? null;
    store.inboxId ??= conversations.at(-1)?.inbox ?? rest.inboxes[0].id;
    for (const conversation of conversations) take(conversation);
    stream = new EventSource(`api/events?after=${seq}`);
    stream.addEventListener("conversation", (event) => {
      take(JSON.parse(event.data));
      changed();
    });
    stream.addEventListener("open", () => {
      store.connected = true;
      changed();
    });
    stream.addEventListener("error", retry);
  } catch {
    retry();
  }
  changed();
}

function retry() {
  stream?.close();
  stream = null;
  store.connected = false;
  changed();
  setTimeout(connect, 1500);
}
