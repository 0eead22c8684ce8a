// One message as it is drawn: words with their marks, files, photos, buttons. Everything is built as nodes from
// text, never as HTML, so no name and no text can bring a tag or a script of its own.

const ZONE = "Asia/Ho_Chi_Minh";
const clock = new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export function node(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("aria-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

export function hours(instant) {
  return clock.format(instant * 1000);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}

function safeLink(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "tg:", "mailto:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

// A link of this very bot starts it here, with its payload, instead of leaving the page.
function startPayload(url, does) {
  const ours = url.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === does.username.toLowerCase();
  return ours ? url.searchParams.get("start") ?? "" : null;
}

export function link(address, content, does) {
  const url = safeLink(address);
  if (!url) return node("span", {}, ...content);
  const payload = startPayload(url, does);
  if (payload !== null) {
    return node("button", { type: "button", class: "link", onclick: () => does.send(`/start ${payload}`.trim()) }, ...content);
  }
  return node("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...content);
}

function marked(entity, text, children, does) {
  switch (entity.type) {
    case "text_link": return link(entity.url, children, does);
    case "url": return link(text, children, does);
    case "bot_command":
      return node("button", { type: "button", class: "link", onclick: () => does.send(text) }, ...children);
    case "spoiler":
      return node("button", { type: "button", class: "spoiler", onclick: (e) => e.currentTarget.classList.toggle("open") }, ...children);
    default:
      return node(TAGS[entity.type] ?? "span", {}, ...children);
  }
}

function words(text, entities, does) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const draw = (from, to, inside) => {
    const made = [];
    let at = from;
    for (let i = 0; i < inside.length; i += 1) {
      const entity = inside[i];
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= start) continue;
      if (start > at) made.push(text.slice(at, start));
      const nested = inside.slice(i + 1).filter((other) => other.offset < end);
      made.push(marked(entity, text.slice(start, end), draw(start, end, nested), does));
      at = end;
    }
    if (at < to) made.push(text.slice(at, to));
    return made;
  };
  return node("div", { class: "words" }, ...draw(0, text.length, sorted));
}

function fileCard(message, place) {
  const address = `/phones/${place}/files/${message.id}`;
  if (message.photo) {
    const [width, height] = message.photo;
    return node("img", { class: "photo", src: address, alt: "Ảnh", width, height });
  }
  const ending = message.file.name.includes(".") ? message.file.name.split(".").pop().toLowerCase() : "tệp";
  const about = node("span", {}, node("b", {}, message.file.name), node("small", {}, `${size(message.file.size)} · tải về`));
  const sheet = node("span", { class: `sheet ${/^[a-z]+$/.test(ending) ? ending : ""}`, "aria-hidden": "true" }, ending.slice(0, 4));
  return node("a", { class: "file", href: address, download: message.file.name }, sheet, about);
}

function button(shape, message, does) {
  const style = ["primary", "success", "danger"].includes(shape.style) ? shape.style : "";
  if (shape.url) {
    const made = link(shape.url, [shape.text], does);
    made.className = style;
    return made;
  }
  const made = node("button", { type: "button", class: style }, shape.text);
  made.onclick = () => (shape.copy_text ? does.copy(shape.copy_text.text) : does.tap(message, shape.callback_data, made));
  return made;
}

function content(message, place, does) {
  const made = [];
  if (message.file) made.push(fileCard(message, place));
  if (message.contact) made.push(node("div", { class: "words" }, `📱 ${message.contact.phone_number}\n${message.contact.first_name}`));
  if (message.voice) made.push(node("div", { class: "words" }, "🎤 Tin thoại · 0:03"));
  if (message.sticker) made.push(node("div", { class: "sticker", "aria-label": "Nhãn dán" }, message.sticker.emoji));
  if (message.text) made.push(words(message.text, message.entities, does));
  return made;
}

// place: the chat's id. does: { send, tap, copy, username }, what a press leads to.
export function bubble(message, place, does) {
  const stamp = node("span", { class: "stamp" }, `${message.edited ? "đã sửa " : ""}${hours(message.date)}`);
  const made = node("article", { class: "message" }, node("div", { class: "bubble" }, ...content(message, place, does), stamp));
  made.classList.toggle("mine", !message.bot);
  if (message.rows.length) {
    made.classList.add("keyed");
    const rows = message.rows.map((row) => node("div", { class: "row" }, ...row.map((shape) => button(shape, message, does))));
    made.append(node("div", { class: "rows" }, ...rows));
  }
  made.dataset.id = message.id;
  return made;
}
