// The calendar: what is shown is in the address; sessions come by a feed of plain rows; dragging asks the server.
import { clashAmong, clashNote } from "./calendar-clash.js";
import { arrange, lanesIn } from "./calendar-lanes.js";
import { $, $$, announce, debounce, each, icon, make } from "./dom.js";

const COLUMNS = ["id", "start", "end", "status", "practitioner", "location", "service", "label", "clients", "color", "size", "others"];
const HUES = ["teal", "blue", "indigo", "violet", "plum", "red", "orange", "amber", "olive", "green", "slate", "brown"];
const HEXES = ["#0d5a61", "#3a6cab", "#5a58b0", "#8250a3", "#a84a80", "#bc4a3c", "#c26a22", "#a97611", "#7f8a2a", "#3d8a50", "#5e7078", "#946a42"];
const STATUS_HUES = { open: "hue-blue", completed: "hue-green", missed: "hue-amber", canceled: "hue-slate" };
const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", day: "timeGridDay", list: "listWeek", practitioners: "resourceTimeGridDay", rooms: "resourceTimeGridDay" };
const FILTERS = ["practitioner", "location", "service", "status"];
const TIME_AXIS = 56;
const LEAST_COLUMN = 120;
const REMEMBERED = "daybook-calendar";

const pad = (number) => String(number).padStart(2, "0");
const dayText = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
const clockText = (date) => `${pad(date.getHours())}:${pad(date.getMinutes())}`;
const localText = (date) => `${dayText(date)}T${clockText(date)}`;
const dateOf = (text) => new Date(`${text.slice(0, 10)}T12:00:00`);

// the same fingerprint that gives people and services their hue on the other pages
const TABLE = Array.from({ length: 256 }, (_, index) => { let value = index; for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1; return value >>> 0; });
const bytes = new TextEncoder();
const hues = new Map();
function hueOf(text) {
  if (hues.has(text)) return hues.get(text);
  let found;
  if (/^#[0-9a-f]{6}$/i.test(text)) {
    const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const wanted = parts(text);
    const far = HEXES.map((hex) => parts(hex).reduce((sum, part, at) => sum + (part - wanted[at]) ** 2, 0));
    found = `hue-${HUES[far.indexOf(Math.min(...far))]}`;
  } else {
    let crc = 0xffffffff;
    for (const byte of bytes.encode(text)) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    found = `hue-${HUES[((crc ^ 0xffffffff) >>> 0) % HUES.length]}`;
  }
  hues.set(text, found);
  return found;
}

each("[data-calendar]", (host) => {
  const settings = JSON.parse($("#calendar-settings").textContent);
  const page = host.closest("#calendar");
  const words = settings.words;
  const byId = (rows) => new Map(rows.map((row) => [row.id, row]));
  const known = { practitioner: byId(settings.practitioners), location: byId(settings.locations), service: byId(settings.services) };
  const nameOf = (kind, id) => known[kind].get(id)?.name ?? "";
  const practitionersOf = (row) => [row.practitioner, ...row.others];
  const leadOf = (row) => nameOf("practitioner", row.practitioner) + (row.others.length ? ` +${row.others.length}` : "");
  const allNames = (row) => practitionersOf(row).map((id) => nameOf("practitioner", id)).filter(Boolean).join(", ");
  const narrow = matchMedia("(max-width: 47.9rem)");
  const format = (options) => new Intl.DateTimeFormat(settings.locale, options);
  const clock = format({ timeStyle: "short" }); // as the other pages write it
  // What the clock shows in the business's zone now, as a date of this browser.
  const now = () => new Date(new Date().toLocaleString("sv-SE", { timeZone: settings.zone }).replace(" ", "T"));
  const sameZone = () => Math.abs(now() - new Date()) < 61000;

  // ── what is shown: from the address, then from the last visit ──
  const address = new URLSearchParams(location.search);
  const last = JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}");
  const state = {
    view: address.get("view") ?? (narrow.matches ? "day" : last.view ?? "week"),
    date: dateOf(/^\d{4}-\d\d-\d\d$/.test(address.get("date") ?? "") ? address.get("date") : settings.today),
    colour: address.get("colour") ?? last.colour ?? "service",
    filters: Object.fromEntries(FILTERS.map((name) => [name, new Set(address.getAll(name))])),
    client: address.get("client"),
  };
  if (narrow.matches && !["day", "list"].includes(state.view)) state.view = "day";
  if (!VIEWS[state.view] || !$(`[data-calendar-view="${state.view}"]`, page)) state.view = "week";

  function remember() {
    const query = new URLSearchParams({ view: state.view, date: dayText(state.date) });
    for (const name of FILTERS) for (const value of state.filters[name]) query.append(name, value);
    if (state.colour !== "service") query.set("colour", state.colour);
    if (state.client) query.set("client", state.client);
    history.replaceState(history.state, "", `?${query}`);
    localStorage.setItem(REMEMBERED, JSON.stringify({ view: state.view, colour: state.colour }));
  }

  // ── rows become events ──
  function colourOf(row) {
    if (state.colour === "status") return STATUS_HUES[row.status];
    if (state.colour === "client") return hueOf(row.color || row.clients.split(", ")[0]);
    const key = row[state.colour];
    return key ? known[state.colour].get(key)?.hue ?? "hue-slate" : "hue-slate";
  }
  function asEvent(row) {
    const due = row.status === "open" && row.end <= localText(now());
    return {
      id: row.piece ?? row.id, start: row.start, end: row.end, title: row.clients || nameOf("service", row.service),
      resourceIds: [(state.view === "rooms" ? row.location : row.column ?? row.practitioner) ?? "none"],
      editable: settings.mayMove && row.status === "open" && !narrow.matches,
      classNames: ["session", `is-${row.status}`, colourOf(row), ...(due ? ["is-due"] : [])],
      extendedProps: { ...row, due },
    };
  }
  function asClosure(closure, index) {
    const end = dateOf(closure.ends_on);
    end.setDate(end.getDate() + 1);
    const resources = { rooms: closure.location ? [closure.location] : settings.locations.map((each) => each.id), practitioners: closure.location ? [] : settings.practitioners.map((each) => each.id) }[state.view];
    if (resources && !resources.length) return null;
    return { id: `closure-${index}`, start: `${closure.starts_on}T00:00`, end: `${dayText(end)}T00:00`, allDay: state.view === "month" || state.view === "list", display: state.view === "list" ? "auto" : "background", editable: false, title: words.closed.replace("{name}", closure.name), classNames: ["closure"], ...(resources ? { resourceIds: resources } : {}) };
  }
  let turn = 0;
  let rows = [];
  async function fetchEvents(info) {
    const mine = ++turn;
    const query = new URLSearchParams({ from: info.startStr.slice(0, 10), to: info.endStr.slice(0, 10) });
    for (const name of FILTERS) for (const value of state.filters[name]) query.append(name, value);
    if (state.client) query.set("client", state.client);
    document.documentElement.classList.add("is-loading");
    try {
      const response = await fetch(`${settings.feed}?${query}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const found = await response.json();
      rows = found.rows.map((values) => Object.fromEntries(COLUMNS.map((name, at) => [name, values[at]])));
      for (const row of rows) row.others = row.others ? row.others.split(",") : [];
      const events = [...found.closures.map(asClosure).filter(Boolean), ...(inTime() ? inLanes() : rows.map(asEvent))];
      if (!sameZone() && VIEWS[state.view].includes("Grid") && state.view !== "month") events.push(nowLine());
      host.dataset.count = String(found.rows.length);
      if (state.view === "list") beginToday(`${state.view} ${info.startStr}`);
      return events;
    } catch {
      if (mine === turn) window.daybook.toast({ text: words.failed, kind: "bad" });
      return [];
    } finally {
      document.documentElement.classList.remove("is-loading");
    }
  }
  // The week's list begins at today, once: not again when it is only fetched anew.
  let begun = "";
  function beginToday(week) {
    if (week === begun) return;
    begun = week;
    setTimeout(() => { const main = $(".ec-list .ec-main", host); const today = $(".ec-list .ec-today", host); if (today) main.scrollTop = today.offsetTop - main.offsetTop; }, 50);
  }
  // ── where many share an hour, those that fit stand beside "+n" ──
  const inTime = () => VIEWS[state.view].includes("TimeGrid") || VIEWS[state.view].startsWith("timeGrid");
  const columnOf = (row) => (VIEWS[state.view].startsWith("resource") ? (state.view === "rooms" ? row.location : row.column ?? row.practitioner) ?? "none" : row.start.slice(0, 10));
  function lanesNow() {
    const count = state.view === "week" ? 7 : state.view === "day" ? 1 : Math.max(1, resources().length);
    const width = Math.max((host.clientWidth - TIME_AXIS) / count, state.view === "week" || state.view === "day" ? 0 : LEAST_COLUMN);
    return lanesIn(width - 4, state.view === "day" ? 92 : 50);
  }
  let shown = lanesNow();
  function inLanes() {
    shown = lanesNow();
    const pieces = state.view === "practitioners" ? rows.flatMap(inColumns) : rows;
    const { places, hidden, more } = arrange(pieces, columnOf, shown);
    const events = pieces.filter((row) => !hidden.has(row.piece ?? row.id)).map(asEvent);
    for (const event of events) event.classNames.push(...(places.get(event.id) ?? []));
    return [...events, ...more.map(asMore)];
  }
  // A session stands in the column of each who is there; a piece is one of those.
  const inColumns = (row) => (row.others.length ? practitionersOf(row).map((id) => ({ ...row, column: id, piece: `${row.id} ${id}` })) : [row]);
  function asMore({ key, start, end, rows: behind }) {
    const due = behind.some((row) => row.status === "open" && row.end <= localText(now()));
    return { id: `more-${key}-${start}`, start: new Date(start), end: new Date(end), title: words.more.replace("{count}", behind.length), resourceIds: [key], editable: false, classNames: ["more-sessions", ...(due ? ["is-due"] : [])], extendedProps: { behind } };
  }
  function openMore(info) {
    const { behind } = info.event.extendedProps;
    const day = format({ weekday: "long", day: "numeric", month: "long" }).format(info.event.start);
    const line = (row) => make("button", { type: "button", class: `more-row is-${row.status} ${colourOf(row)}`, onclick: () => { if (narrow.matches) { $("#popover").hidePopover(); window.daybook.openPopup(urlOf(row.id, "popup/")); } else window.daybook.openPopover(urlOf(row.id, "popup/"), info.el); } },
      make("span", { class: "more-when" }, clock.format(new Date(row.start))), make("span", { class: "more-what" }, make("span", { class: "session-who" }, row.clients || nameOf("service", row.service)), make("span", { class: "session-what" }, [nameOf("service", row.service), leadOf(row)].filter(Boolean).join(" · "))), row.label ? make("span", { class: "session-label" }, row.label) : null);
    const onward = state.view === "week" ? "day" : state.view === "day" && !narrow.matches ? "practitioners" : state.view === "day" ? "list" : "";
    const button = onward && $(`[data-calendar-view="${onward}"]`, page);
    const go = () => { $("#popover").hidePopover(); state.date = dateOf(dayText(info.event.start)); show(onward); goTo(state.date); };
    window.daybook.showPopover([make("h2", { class: "more-title" }, day), make("div", { class: "more-rows" }, ...behind.map(line)), button ? make("button", { type: "button", class: "btn more-onward", onclick: go }, onward === "day" ? words.day : button.textContent) : null], info.el);
  }
  function nowLine() {
    const at = now();
    return { id: "now", start: localText(at), end: localText(new Date(at.getTime() + 120000)), display: "background", editable: false, classNames: ["now-line"], ...(state.view === "rooms" || state.view === "practitioners" ? { resourceIds: resources().map((each) => each.id) } : {}) };
  }
  function resources() {
    const kind = state.view === "rooms" ? "location" : "practitioner";
    const chosen = state.filters[kind];
    const all = [...known[kind].values()].filter((each) => (chosen.size ? chosen.has(each.id) : !each.gone));
    return all.map((each) => ({ id: each.id, title: each.name, extendedProps: { hue: each.hue } }));
  }

  // ── what stands in the way of the one in the hand ──
  const knowsAll = () => settings.seesAll && !state.client && FILTERS.every((name) => !state.filters[name].size);
  const clash = clashNote({
    look(wanted) {
      const found = clashAmong(rows, wanted, known.service, known.location);
      if (!found) return { clash: "", sure: knowsAll() };
      const { other, kind } = found;
      const values = { name: nameOf(kind, found.who), clients: other.clients, what: nameOf("service", other.service), start: clock.format(new Date(other.start)), end: clock.format(new Date(other.end)) };
      const said = (kind === "practitioner" ? words.busy : words.occupied).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
      return { clash: found.apart ? `${said} ${words.breaks}` : said, sure: true };
    },
    async ask(wanted) {
      const query = new URLSearchParams({ start: localText(wanted.start), end: localText(wanted.end), practitioners: wanted.practitioners.join(","), location: wanted.location ?? "" });
      const response = await fetch(`${urlOf(wanted.row.id, "clash/")}?${query}`, { headers: { Accept: "application/json" } });
      return response.ok ? (await response.json()).sentence : "";
    },
    onChange: (isTaken) => host.classList.toggle("is-taken", isTaken),
  });
  function inHand(event) {
    const row = event.extendedProps;
    const column = event.resourceIds?.[0];
    const other = column && column !== "none" ? column : null;
    const from = row.column ?? row.practitioner;
    const practitioners = practitionersOf(row).map((id) => (state.view === "practitioners" && other && id === from ? other : id));
    clash.over({ row, start: event.start, end: event.end, practitioners, location: state.view === "rooms" ? other : row.location });
  }

  // A group by its first name and how many more, where all names would not fit.
  function inShort(row) {
    const names = row.clients.split(", ");
    return names.length > 2 ? `${names[0]} +${Math.max(row.size, names.length) - 1}` : row.clients;
  }

  // ── one event's face: client, service, place in that order; states by more than colour ──
  function face(info) {
    const row = info.event.extendedProps;
    if (info.event.display === "background") return info.event.id === "now" ? "" : { domNodes: [make("span", { class: "closure-name" }, info.event.title)] };
    if (row.behind) return { domNodes: [make("span", { class: "more-count" }, `+${row.behind.length}`)] };
    if (!row.status) return { domNodes: [make("span", { class: "session-who" }, info.event.title)] };
    if (info.event.display === "preview") inHand(info.event);
    const long = (info.event.end - info.event.start) / 60000;
    const time = make("time", { class: "session-time" }, clock.format(info.event.start));
    const who = make("span", { class: "session-who" }, info.view.type.startsWith("list") ? row.clients : inShort(row));
    const what = [nameOf("service", row.service), state.view === "practitioners" ? [row.others.length ? leadOf(row) : "", nameOf("location", row.location)].filter(Boolean).join(" · ") : state.view === "rooms" ? leadOf(row) : [leadOf(row), nameOf("location", row.location)].filter(Boolean).join(" · ")].filter(Boolean).join(" · ");
    const mark = row.due ? icon("alert", "icon-s") : row.status === "completed" ? icon("check", "icon-s") : null;
    const state_ = row.label ? make("span", { class: "session-label" }, row.label) : null;
    if (info.view.type === "dayGridMonth") return { domNodes: [make("span", { class: "session-line" }, time, who, mark)] };
    if (info.view.type.startsWith("list")) return { domNodes: [make("span", { class: "session-when" }, `${clock.format(info.event.start)}–${clock.format(info.event.end)}`), make("span", { class: "session-body" }, who, make("span", { class: "session-what" }, what)), narrow.matches && row.status === "completed" && mark ? mark : state_ ?? mark].filter(Boolean) };
    if (long <= 35) return { domNodes: [make("span", { class: "session-line" }, who, time, mark)] };
    if (long < 55) return { domNodes: [make("span", { class: "session-line" }, who, mark), make("span", { class: "session-what" }, time, ` ${nameOf("service", row.service)}`)] };
    return { domNodes: [make("span", { class: "session-line" }, who, mark), make("span", { class: "session-what" }, time, state_ ? " " : "", state_), make("span", { class: "session-what" }, what)] };
  }
  const spoken = (event) => [`${clock.format(event.start)}–${clock.format(event.end)}`, event.extendedProps.clients, nameOf("service", event.extendedProps.service), allNames(event.extendedProps), event.extendedProps.label ?? "", event.extendedProps.due ? words.unsaved : ""].filter(Boolean).join(", ");

  // ── deeds ──
  const urlOf = (id, rest = "") => settings.session.replace("00000000-0000-0000-0000-000000000000", id) + rest;
  function openSession(info) {
    const row = info.event.extendedProps;
    if (row.behind) openMore(info);
    if (!row.status) return;
    const url = urlOf(row.id, "popup/");
    if (narrow.matches) window.daybook.openPopup(url);
    else window.daybook.openPopover(url, info.el);
  }
  function addSession({ start, end, resource, allDay }) {
    if (!settings.add) return;
    const query = new URLSearchParams({ day: dayText(start), next: location.pathname + location.search });
    if (!allDay) { query.set("start", clockText(start)); if (end) query.set("end", clockText(end)); }
    const only = (name) => (state.filters[name].size === 1 ? [...state.filters[name]][0] : "");
    const practitioner = state.view === "practitioners" && resource ? resource.id : only("practitioner");
    const room = state.view === "rooms" && resource ? resource.id : only("location");
    if (practitioner) query.set("practitioner", practitioner);
    if (room) query.set("location", room);
    if (only("service")) query.set("service", only("service"));
    if (state.client) query.append("client", state.client);
    window.daybook.openDrawer(`${settings.add}?${query}`);
  }
  async function move(info, said) {
    const row = info.event.extendedProps;
    const taken = clash.done();
    if (taken) {
      info.revert();
      window.daybook.toast({ text: taken, kind: "bad" });
      refresh(); // what was loaded may be of a minute ago: the next try sees what is there now
      return;
    }
    const body = new FormData();
    body.set("start", localText(info.event.start));
    body.set("end", localText(info.event.end));
    const other = info.newResource?.id;
    if (other && other !== "none") body.set(state.view === "rooms" ? "location" : "practitioner", other);
    if (other && info.oldResource) body.set("from", info.oldResource.id);
    const undo = new URLSearchParams({ start: row.start, end: row.end, practitioners: practitionersOf(row).join(","), ...(row.location ? { location: row.location } : {}) });
    const response = await fetch(urlOf(row.id, "move/"), { method: "POST", body, headers: { "X-CSRFToken": document.body.dataset.csrf, Accept: "application/json" } }).catch(() => null);
    const answer = response && (response.headers.get("Content-Type") ?? "").includes("json") ? await response.json() : {};
    if (!response?.ok) {
      info.revert();
      window.daybook.toast({ text: answer.sentence ?? words.failed, kind: "bad" });
      return;
    }
    const warned = answer.warnings ?? [];
    window.daybook.toast({ text: [said(info.event), ...warned].join(" "), kind: warned.length ? "attention" : "good", undo: `${urlOf(row.id, "move/")}?${undo}`, undoLabel: words.undo });
    refresh();
  }
  const when = (date) => format({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(date);

  // ── the calendar itself ──
  const calendar = EventCalendar.create(host, {
    view: VIEWS[state.view],
    date: state.date,
    headerToolbar: { start: "", center: "", end: "" },
    height: "100%",
    locale: settings.locale,
    firstDay: settings.firstDay,
    slotMinTime: "07:00:00", slotMaxTime: "21:00:00", scrollTime: "08:00:00", flexibleSlotTimeLimits: true,
    slotHeight: 30, slotDuration: "00:30", slotLabelInterval: "01:00", slotLabelFormat: { timeStyle: "short" },
    snapDuration: "00:15",
    nowIndicator: sameZone(),
    allDaySlot: false,
    slotEventOverlap: false,
    dayMaxEvents: true,
    selectable: Boolean(settings.add) && !narrow.matches,
    pointer: Boolean(settings.add) && !narrow.matches,
    editable: settings.mayMove,
    filterResourcesWithEvents: false,
    resources: resources(),
    resourceLabelContent: ({ resource }) => ({ domNodes: [make("span", { class: "column-head" }, make("span", { class: `avatar avatar-s ${resource.extendedProps.hue}`, "aria-hidden": "true" }, resource.title.split(/\s+/).slice(0, 2).map((part) => part[0] ?? "").join("")), make("span", {}, resource.title))] }),
    dayHeaderFormat: (date) => ({ domNodes: [make("span", { class: "day-name" }, format({ weekday: "short" }).format(date)), " ", make("span", { class: "day-number" }, String(date.getDate()))] }),
    moreLinkContent: (info) => words.more.replace("{count}", info.num),
    noEventsContent: words.none,
    views: { resourceTimeGridDay: { columnWidth: "minmax(7.5rem, 1fr)" }, dayGridMonth: { dayHeaderFormat: { weekday: "short" } }, listWeek: { listDayFormat: { weekday: "long", day: "numeric", month: "long" }, listDaySideFormat: () => "" } },
    eventSources: [{ events: fetchEvents }],
    eventContent: face,
    eventOrder: (one, other) => one.start - other.start || Boolean(one.extendedProps.behind) - Boolean(other.extendedProps.behind),
    eventDidMount: (info) => {
      if (info.event.extendedProps.status) info.el.setAttribute("aria-label", spoken(info.event));
      if (!info.event.extendedProps.behind) return;
      info.el.setAttribute("aria-label", `${info.event.title}, ${when(info.event.start)}`);
      // the key that opens the list must not press its first line, too
      info.el.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") event.preventDefault(); });
    },
    eventClick: openSession,
    dateClick: (info) => { if (narrow.matches || state.view === "month") addSession({ start: info.date, allDay: state.view === "month", resource: info.resource }); else addSession({ start: info.date, resource: info.resource }); },
    select: (info) => addSession({ start: info.start, end: info.end, resource: info.resource, allDay: info.allDay }),
    eventDragStop: () => queueMicrotask(() => clash.done()),
    eventResizeStop: () => queueMicrotask(() => clash.done()),
    eventDrop: (info) => move(info, (event) => words.moved.replace("{when}", when(event.start))),
    eventResize: (info) => move(info, (event) => words.resized.replace("{start}", clock.format(event.start)).replace("{end}", clock.format(event.end))),
    datesSet: (info) => titled(info),
  });
  const refresh = () => calendar.refetchEvents();

  function titled(info) {
    const view = info.view ?? info;
    const first = new Date(info.start ?? view.currentStart);
    const final = new Date((info.end ?? view.currentEnd).getTime() - 1);
    const options = state.view === "month" ? { month: "long", year: "numeric" } : narrow.matches ? { day: "numeric", month: "short" } : { day: "numeric", month: "long", year: "numeric" };
    const oneDay = first.toDateString() === final.toDateString();
    const centre = state.view === "month" ? new Date(view.currentStart ?? first) : first;
    const text = oneDay ? format({ weekday: narrow.matches ? "short" : "long", ...options }).format(first) : state.view === "month" ? format(options).format(centre) : format(options).formatRange(first, final);
    $("#calendar-title").textContent = text;
    const picker = $("[data-calendar-date]", page);
    if (picker) picker.value = dayText(state.date);
  }

  function show(view) {
    state.view = view;
    begun = "";
    calendar.setOption("resources", resources());
    calendar.setOption("view", VIEWS[view]);
    refresh();
    pressed();
    remember();
  }
  function pressed() {
    for (const button of $$("[data-calendar-view]", page)) button.setAttribute("aria-pressed", String(button.dataset.calendarView === state.view));
  }
  function goTo(date) {
    state.date = date;
    calendar.setOption("date", date);
    remember();
  }
  function step(by) {
    const date = new Date(state.date);
    if (state.view === "month") { date.setDate(1); date.setMonth(date.getMonth() + by); }
    else date.setDate(date.getDate() + by * (state.view === "week" || state.view === "list" ? 7 : 1));
    goTo(date);
    announce($("#calendar-title").textContent);
  }

  page.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    if (button.dataset.calendarView) show(button.dataset.calendarView);
    else if (button.dataset.calendarStep) step(Number(button.dataset.calendarStep));
    else if ("calendarToday" in button.dataset) goTo(dateOf(localText(now())));
    else if ("filterClear" in button.dataset) { state.filters[button.closest("[data-calendar-filter]").dataset.calendarFilter].clear(); filtered(); }
  });
  $("[data-calendar-date]", page)?.addEventListener("change", (event) => { if (event.target.value) goTo(dateOf(event.target.value)); });
  const colour = $("[data-calendar-colour]", page);
  colour.value = state.colour;
  colour.addEventListener("change", () => { state.colour = colour.value; refresh(); remember(); });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, dialog, [popover]") || event.metaKey || event.ctrlKey || event.altKey) return;
    const deed = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), t: () => goTo(dateOf(localText(now()))), m: () => show("month"), w: () => show("week"), d: () => show("day"), l: () => show("list") }[event.key];
    if (!deed || (event.target.closest(".ec") && event.key.startsWith("Arrow") && event.target.closest(".ec-event"))) return;
    event.preventDefault();
    deed();
  });

  // ── filters: chips that say what they are set to ──
  for (const group of $$("[data-calendar-filter]", page)) {
    const name = group.dataset.calendarFilter;
    const menu = $(".menu", group);
    if (known[name]) {
      if (known[name].size > 12) menu.append(make("input", { type: "search", class: "input-s", placeholder: "…", "aria-label": group.querySelector(".filter").textContent, oninput: (event) => { for (const label of $$("label", menu)) label.hidden = !label.textContent.toLowerCase().includes(event.target.value.toLowerCase()); } }));
      for (const each of known[name].values()) if (!each.gone || state.filters[name].has(each.id)) menu.append(make("label", {}, make("input", { type: "checkbox", value: each.id }), make("span", { class: `dot ${each.hue}` }), ` ${each.name}`));
    }
    for (const box of $$("input[type=checkbox]", menu)) box.checked = state.filters[name].has(box.value);
    menu.addEventListener("change", (event) => {
      if (event.target.type !== "checkbox") return;
      state.filters[name][event.target.checked ? "add" : "delete"](event.target.value);
      filtered();
    });
  }
  function said() {
    for (const group of $$("[data-calendar-filter]", page)) {
      const name = group.dataset.calendarFilter;
      const boxes = $$("input[type=checkbox]", group);
      for (const box of boxes) box.checked = state.filters[name].has(box.value);
      const chosen = boxes.filter((box) => box.checked).map((box) => box.parentElement.textContent.trim());
      const place = $("[data-filter-said]", group);
      place.replaceChildren(...(chosen.length ? [": ", make("b", {}, chosen.length > 2 ? words.several.replace("{count}", chosen.length) : chosen.join(", "))] : []));
      $(".filter", group).classList.toggle("filter-set", chosen.length > 0);
      $("[data-filter-clear]", group).hidden = chosen.length === 0;
    }
  }
  function filtered() {
    said();
    calendar.setOption("resources", resources());
    refresh();
    remember();
  }

  // the popup and the drawer saved something: only the events are fetched again
  document.addEventListener("daybook:saved", (event) => {
    event.preventDefault();
    const popover = $("#popover");
    if (popover.matches(":popover-open")) popover.hidePopover();
    $("#popup")?.open && $("#popup").close();
    refresh();
  });
  for (const name of ["visibilitychange", "focus"]) addEventListener(name, () => { if (!document.hidden) later(); });
  let wait;
  const later = () => { clearTimeout(wait); wait = setTimeout(refresh, 400); };
  setInterval(() => { if (!document.hidden) refresh(); }, 60000);
  new ResizeObserver(debounce(200, () => { const fits = lanesNow(); if (inTime() && (fits.alone !== shown.alone || fits.beside !== shown.beside)) refresh(); })).observe(host);
  narrow.addEventListener("change", () => { if (narrow.matches && !["day", "list"].includes(state.view)) show("day"); });

  // The grid is a picture of time, not a table of cells: its roles promise what it does not keep.
  const tidy = () => {
    for (const element of $$("[role=list], [role=listitem], [role=grid], [role=table], [role=row], [role=rowgroup], [role=columnheader], [role=rowheader], [role=gridcell], [role=cell], [aria-colindex], [aria-rowindex], [aria-colcount], [aria-rowcount]", host)) {
      for (const name of ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"]) if (element.hasAttribute(name)) element.removeAttribute(name);
    }
    for (const title of $$("h4.ec-event-title:not([role])", host)) title.setAttribute("role", "none");
    for (const main of $$(".ec-main:not([tabindex])", host)) { main.tabIndex = 0; main.setAttribute("role", "group"); main.setAttribute("aria-labelledby", "calendar-title"); }
  };
  new MutationObserver(tidy).observe(host, { subtree: true, childList: true });
  tidy();
  pressed();
  said();
});
