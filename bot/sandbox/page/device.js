// One phone: its conversation, its input line, its menus. What comes over the network is given to update().

import { bubble, node } from "./bubbles.js";

const WEEKDAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];
const VIETNAM = 7 * 3600;
const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h10",
  attach: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8",
  more: "M12 5v14M5 12h14",
  send: "M5 12h13M12.5 5.5L19 12l-6.5 6.5",
};
const POPUP_MILLISECONDS = 5000;
const WAIT_MILLISECONDS = 6000;

function two(number) {
  return String(number).padStart(2, "0");
}

// Vietnam keeps one offset all year, so the local wall clock is plain arithmetic.
function local(instant) {
  return new Date((instant + VIETNAM) * 1000);
}

export function localDate(instant) {
  const day = local(instant);
  return `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${day.getUTCFullYear()}`;
}

export function localDay(instant) {
  return `${WEEKDAYS[local(instant).getUTCDay()]} ${localDate(instant)}`;
}

export function localHour(instant) {
  const day = local(instant);
  return `${two(day.getUTCHours())}:${two(day.getUTCMinutes())}`;
}

export async function post(address, body) {
  const form = body instanceof FormData;
  const answer = await fetch(address, {
    method: "POST",
    body: form ? body : JSON.stringify(body ?? {}),
    headers: form ? {} : { "content-type": "application/json" },
  });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function icon(path) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

export class Device {
  constructor(told, bot) {
    this.id = told.id;
    this.bot = bot;
    this.commands = [];
    this.days = new Map();
    this.popupShown = told.popup?.id ?? 0;
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.root.dataset.phone = told.id;
    this.call(told.name);
    this.does = {
      send: (text) => this.send(text),
      tap: (message, data, pressed) => this.tap(message, data, pressed),
      copy: (text) => this.copy(text),
      get username() { return bot().username; },
    };
    this.wire();
  }

  // The name may change: who was not linked is later.
  call(name) {
    this.root.setAttribute("aria-label", name);
    this.find("h2").textContent = name;
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  act(what, body) {
    return post(`/phones/${this.id}/${what}`, body).catch(() => this.toast("Chưa gửi được. Hãy thử lại."));
  }

  wire() {
    for (const [name, path] of Object.entries(ICONS)) this.find(`.${name}`).append(icon(path));
    this.talk = this.find(".talk");
    this.field = this.find("textarea");
    this.find(".entry").onsubmit = (event) => { event.preventDefault(); this.submit(); };
    this.field.onkeydown = (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    };
    this.field.oninput = () => this.fit();
    this.field.onfocus = () => this.closePanel();
    this.find(".start").onclick = () => this.send("/start");
    this.find(".unblock").onclick = () => this.act("block", { blocked: false });
    this.find(".menu").onclick = () => this.openPanel("menu", () => this.menuItems());
    this.find(".more").onclick = () => this.openPanel("more", () => this.moreItems());
    this.find(".slip").onclick = () => this.typeNote();
    this.wireFiles();
    this.stayAtTheEnd();
  }

  // The last message stays in sight when the keyboard opens or a photo arrives, unless one is reading further up.
  stayAtTheEnd() {
    this.atEnd = true;
    this.talk.addEventListener("scroll", () => {
      this.atEnd = this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 120;
    }, { passive: true });
    new ResizeObserver(() => this.toEnd()).observe(this.talk);
  }

  toEnd() {
    if (this.atEnd) this.talk.scrollTop = this.talk.scrollHeight;
  }

  wireFiles() {
    const pickers = { file: this.find(".pick-file"), photo: this.find(".pick-photo") };
    this.pick = (kind) => pickers[kind].click();
    this.find(".attach").onclick = () => this.pick("file");
    for (const [kind, picker] of Object.entries(pickers)) {
      picker.onchange = () => { this.upload(picker.files[0], kind); picker.value = ""; };
    }
    this.talk.onclick = () => this.closePanel();
    this.talk.ondragover = (event) => event.preventDefault();
    this.talk.ondrop = (event) => { event.preventDefault(); this.upload(event.dataTransfer.files[0], "file"); };
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  submit() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.field.value = "";
    this.fit();
    this.send(text);
  }

  send(text) {
    this.closePanel();
    return this.act("text", { text });
  }

  upload(file, kind) {
    if (!file) return;
    const form = new FormData();
    form.append("file", file);
    form.append("as", kind);
    form.append("caption", this.field.value.trim());
    this.field.value = "";
    this.fit();
    this.act("file", form);
  }

  tap(message, data, pressed) {
    if (this.blocked) { this.toast("Bạn đã chặn bot này. Hãy bỏ chặn trước."); return; }
    pressed.classList.add("waits");
    setTimeout(() => pressed.classList.remove("waits"), WAIT_MILLISECONDS);
    this.act("tap", { message_id: message.id, data });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Đã chép");
    } catch {
      this.toast(text);
    }
  }

  typeNote() {
    const line = this.find(".slip").textContent.trim().split("\n").pop();
    this.field.value = line.includes(":") ? line.slice(line.indexOf(":") + 1).trim() : line;
    this.fit();
    this.field.focus();
  }

  openPanel(name, items) {
    const panel = this.find(".panel");
    const again = !panel.hidden && panel.dataset.name === name;
    this.closePanel();
    if (again) return;
    panel.replaceChildren(...items());
    panel.dataset.name = name;
    panel.hidden = false;
    this.find(`.${name}`).setAttribute("aria-expanded", "true");
  }

  closePanel() {
    this.find(".panel").hidden = true;
    for (const name of ["menu", "more"]) this.find(`.${name}`).setAttribute("aria-expanded", "false");
  }

  menuItems() {
    if (!this.commands.length) return [node("p", {}, "Bot chưa có lệnh nào cho cuộc trò chuyện này.")];
    return this.commands.map(({ command, description }) =>
      node("button", { type: "button", onclick: () => this.send(`/${command}`) }, node("b", {}, `/${command}`), description));
  }

  moreItems() {
    const item = (label, action, style = "") =>
      node("button", { type: "button", class: style, onclick: () => { this.closePanel(); action(); } }, label);
    return [
      item("🖼  Gửi ảnh", () => this.pick("photo")),
      item("📎  Gửi tệp", () => this.pick("file")),
      item("📱  Chia sẻ số điện thoại của tôi", () => this.act("contact", { own: true })),
      item("👤  Gửi danh thiếp của người khác", () => this.act("contact", { own: false })),
      item("🎤  Gửi tin thoại", () => this.act("voice")),
      item("👍  Gửi nhãn dán", () => this.act("sticker")),
      item("🚫  Chặn bot", () => this.act("block", { blocked: true }), "danger"),
    ];
  }

  // told: what the server says of this phone; it holds only the messages that changed.
  update(told, first) {
    let came = 0;
    for (const id of told.gone) this.talk.querySelector(`[data-id="${id}"]`)?.remove();
    for (const message of told.messages) {
      const known = this.talk.querySelector(`[data-id="${message.id}"]`);
      this.draw(message, known, first);
      this.atEnd ||= first || (!message.bot && !known);
      came += message.bot ? 1 : 0;
    }
    this.state(told);
    this.toEnd();
    return came;
  }

  draw(message, known, first) {
    const made = bubble(message, this.id, this.does);
    const photo = made.querySelector("img");
    if (photo) photo.onload = () => this.toEnd();
    if (known) {
      made.classList.add("redrawn");
      known.replaceWith(made);
      return;
    }
    const day = localDay(message.date);
    if (this.days.get("last") !== day) this.talk.append(node("div", { class: "day" }, day));
    this.days.set("last", day);
    if (!first) made.classList.add("fresh");
    this.talk.append(made);
  }

  state(told) {
    this.call(told.name);
    const slip = this.find(".slip");
    slip.hidden = !told.note;
    slip.textContent = told.note;
    slip.title = "Bấm để điền vào ô nhập tin";
    this.find(".about").hidden = told.started || this.talk.children.length > 1;
    this.find(".start").hidden = told.started || told.blocked;
    this.blocked = told.blocked;
    this.find(".unblock").hidden = !told.blocked;
    this.find(".entry").hidden = told.blocked || !told.started;
    this.field.placeholder = told.placeholder || "Tin nhắn";
    this.keyboard(told.blocked ? [] : told.keyboard);
    this.typing(told.typing);
    for (const pressed of told.popup || told.messages.length ? this.root.querySelectorAll(".waits") : []) pressed.classList.remove("waits");
    if (told.popup && told.popup.id !== this.popupShown) this.popup(told.popup);
  }

  describe(bot, commands) {
    this.commands = commands;
    this.find(".bot-name").textContent = bot.first_name;
    this.find(".face").textContent = bot.first_name.split(" ").map((word) => word[0]).slice(-2).join("");
    this.find(".about").textContent = bot.description || "Chưa có tin nhắn nào. Bấm “Bắt đầu” để nói chuyện với bot.";
  }

  keyboard(rows) {
    const keys = this.find(".keys");
    const press = (shape) => (shape.request_contact ? this.act("contact", { own: true }) : this.send(shape.text));
    const draw = (shape) => node("button", { type: "button", onclick: () => press(shape) }, shape.text);
    keys.replaceChildren(...rows.map((row) => node("div", { class: "row-of-keys" }, ...row.map(draw))));
    keys.hidden = !rows.length;
  }

  typing(seconds) {
    const doing = this.find(".doing");
    clearTimeout(this.typingTimer);
    doing.textContent = seconds > 0 ? "đang soạn tin…" : "bot";
    doing.classList.toggle("busy", seconds > 0);
    if (seconds > 0) this.typingTimer = setTimeout(() => this.typing(0), seconds * 1000);
  }

  popup({ id, text, alert }) {
    this.popupShown = id;
    const box = this.toast(text, alert);
    if (alert) box.append(node("button", { type: "button", onclick: () => { box.hidden = true; } }, "Đã hiểu"));
  }

  toast(text, stays = false) {
    const box = this.find(".popup");
    clearTimeout(this.popupTimer);
    box.replaceChildren(text);
    box.classList.toggle("alert", stays);
    box.hidden = false;
    if (!stays) this.popupTimer = setTimeout(() => { box.hidden = true; }, POPUP_MILLISECONDS);
    return box;
  }
}
