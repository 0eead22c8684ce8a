// The page: phones beside each other, their tabs, the time machine and the live connection.

import { node } from "./bubbles.js";
import { Device, localDate, localDay, localHour, post } from "./device.js";

const devices = new Map();
const phones = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const narrow = matchMedia("(max-width: 699.98px)");
let bot = { username: "", first_name: "Bot" };
let ahead = 0;

function drawClock() {
  const now = Math.floor(Date.now() / 1000) + ahead;
  document.getElementById("now").textContent = `${localDay(now)}, ${localHour(now)}`;
}

function drawMachine({ now, next_due: due, has_next: known, offline }) {
  ahead = now - Math.floor(Date.now() / 1000);
  drawClock();
  const next = document.getElementById("next");
  next.disabled = due === null;
  const reason = known ? "chưa có lời nhắc nào đang chờ" : "bot này không báo lịch nhắc";
  document.getElementById("next-when").textContent = due === null ? reason : `${localDate(due)}, ${localHour(due)}`;
  document.getElementById("offline").checked = offline;
}

function select(device) {
  for (const tab of tabs.children) {
    const chosen = tab.dataset.phone === String(device.id);
    tab.setAttribute("aria-selected", String(chosen));
    if (chosen) {
      tab.classList.remove("unread");
      tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}

function shown() {
  const at = Math.round(phones.scrollLeft / Math.max(1, phones.clientWidth));
  return [...devices.values()][at];
}

function add(told) {
  const device = new Device(told, () => bot);
  devices.set(told.id, device);
  phones.append(device.root);
  const tab = node("button", { type: "button", role: "tab", "aria-selected": "false" });
  tab.dataset.phone = told.id;
  tab.onclick = () => device.root.scrollIntoView({ inline: "start", block: "nearest", behavior: "smooth" });
  tabs.append(tab);
  return device;
}

// "Nguyễn Thị Lan · Công chức": who it is, and below it smaller what they are.
function label(tab, name) {
  const [who, ...what] = name.split(" · ");
  tab.setAttribute("aria-label", name);
  tab.replaceChildren(node("b", {}, who), ...(what.length ? [node("small", {}, what.join(" · "))] : []));
}

function take(told) {
  if (told.reset) {
    devices.clear();
    phones.replaceChildren();
    tabs.replaceChildren();
  }
  bot = told.bot;
  for (const phone of told.phones) {
    const device = devices.get(phone.id) ?? add(phone);
    device.describe(bot, told.commands[phone.id] ?? []);
    const came = device.update(phone, told.reset);
    const tab = tabs.querySelector(`[data-phone="${phone.id}"]`);
    label(tab, phone.name);
    if (came && !told.reset && narrow.matches && shown() !== device) tab.classList.add("unread");
  }
  for (const [id, commands] of Object.entries(told.commands)) devices.get(Number(id))?.describe(bot, commands);
  drawMachine(told);
  if (told.reset && devices.size) select(shown() ?? [...devices.values()][0]);
}

function say(words, well) {
  const link = document.getElementById("link");
  link.textContent = words;
  link.classList.toggle("well", well);
}

function connect() {
  const source = new EventSource("/phones/events");
  source.onopen = () => say("Telegram giả lập trên máy này", true);
  source.onmessage = (event) => take(JSON.parse(event.data));
  source.onerror = () => {
    say("Mất kết nối, đang nối lại…", false);
    // A browser gives up by itself only when the answer was no stream at all.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1500);
  };
}

for (const button of document.querySelectorAll("[data-move]")) {
  button.onclick = () => post("/phones/time", { seconds: Number(button.dataset.move) });
}
// What is due there needs a moment to be sent: a second press at once would jump over it.
const next = document.getElementById("next");
next.onclick = () => {
  next.classList.add("waiting");
  post("/phones/time", {});
  setTimeout(() => next.classList.remove("waiting"), 3500);
};
document.getElementById("offline").onchange = (event) => post("/phones/network", { offline: event.target.checked });
phones.addEventListener("scroll", () => { const device = shown(); if (narrow.matches && device) select(device); }, { passive: true });
setInterval(drawClock, 1000);
connect();
