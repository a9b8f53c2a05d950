// What a dragged session would clash with: told while it is still in the hand, from the rows that are loaded where
// they are all there is, else by one small question to the server. The database decides when it is dropped.
import { make } from "./dom.js";

const MINUTE = 60000;
const PAUSE = 160;

/** The earliest of `rows` that holds time which `wanted` ({row, start, end, practitioners, location}) needs; null if
 *  free. Answers `{other, kind, who, apart}`: `who` is taken, `apart` when the times themselves do not meet, only the breaks around them. */
export function clashAmong(rows, wanted, services, locations) {
  const service = (id) => services.get(id) ?? {};
  const spanOf = (id, start, end) => [start - (service(id).before ?? 0) * MINUTE, end + (service(id).after ?? 0) * MINUTE];
  const [first, last] = spanOf(wanted.row.service, +wanted.start, +wanted.end);
  const needsPerson = !service(wanted.row.service).beside;
  const needsRoom = Boolean(wanted.location && locations.get(wanted.location)?.alone);
  let found = null;
  for (const other of rows) {
    if (other.id === wanted.row.id || other.status === "canceled") continue;
    const both = needsPerson && !service(other.service).beside ? wanted.practitioners.find((id) => id === other.practitioner || other.others.includes(id)) : undefined;
    const person = both !== undefined;
    const room = needsRoom && other.location === wanted.location;
    if (!person && !room) continue;
    const [start, end] = [+new Date(other.start), +new Date(other.end)];
    const [begins, stops] = spanOf(other.service, start, end);
    if (begins >= last || stops <= first || (found && (found.start < start || (found.start === start && !person)))) continue;
    found = { other, start, kind: person ? "practitioner" : "location", who: person ? both : other.location, apart: start >= +wanted.end || end <= +wanted.start };
  }
  return found;
}

/** The note beside the pointer. `look(wanted)` answers `{clash, sure}`; `ask(wanted)` a promise of the server's words. */
export function clashNote({ look, ask, onChange }) {
  const note = make("div", { class: "calendar-clash", role: "status", hidden: true });
  document.body.append(note);
  let pointer = { x: 0, y: 0 };
  let asked = "";
  let text = "";
  let timer;
  const place = () => {
    if (note.hidden) return;
    const box = note.getBoundingClientRect();
    note.style.left = `${Math.max(8, Math.min(pointer.x + 18, innerWidth - box.width - 8))}px`;
    note.style.top = `${Math.max(8, pointer.y - box.height - 18)}px`;
  };
  const tell = (words) => {
    if (words === text) return;
    text = words;
    note.textContent = words;
    note.hidden = !words;
    place();
    onChange(Boolean(words));
  };
  document.addEventListener("pointermove", (event) => { pointer = { x: event.clientX, y: event.clientY }; place(); });
  return {
    /** The dragged session stands at `wanted` now. */
    over(wanted) {
      const key = [wanted.row.id, +wanted.start, +wanted.end, wanted.practitioners, wanted.location].join();
      if (key === asked) return;
      asked = key;
      clearTimeout(timer);
      const { clash, sure } = look(wanted);
      tell(clash);
      if (clash || sure) return;
      timer = setTimeout(async () => {
        const answer = await ask(wanted).catch(() => "");
        if (asked === key) tell(answer);
      }, PAUSE);
    },
    /** The hand let go. Answers what was said at that place, "" if it was free. */
    done() {
      clearTimeout(timer);
      const said = text;
      asked = "";
      tell("");
      return said;
    },
  };
}
