// Where many sessions share an hour: as many stand side by side as can be read, the rest behind "+n".
// Each may be as wide as there is free room at its right. Plain rows in, places out; nothing here knows the page.
const MOST = 12; // classes lane-0 … lane-11 in calendar.css
const HOUR = 3600000;
const STRIP = 30; // what "+n" takes, in pixels

/** How many lanes of at least `least` pixels fit in `width`: alone, and beside "+n". */
export function lanesIn(width, least) {
  const fit = (room) => Math.max(1, Math.min(MOST, Math.floor(room / least)));
  return { alone: fit(width), beside: fit(width - STRIP) };
}

const keyOf = (row) => row.piece ?? row.id;

/** `{places: Map(key → class names), hidden: Set(key), more: [{key, start, end, rows}]}` of rows with texts `start` and
 *  `end`; the key is a row's `piece`, where it stands in several columns, or its id. `columnOf(row)` names its column: a
 *  day, or a person's or a room's day. */
export function arrange(rows, columnOf, lanes) {
  const columns = new Map();
  for (const row of rows) {
    if (row.start.slice(0, 10) !== row.end.slice(0, 10)) continue; // past midnight: left to the library
    const key = columnOf(row);
    const item = { row, start: +new Date(row.start), end: +new Date(row.end), lane: 0 };
    if (columns.has(key)) columns.get(key).push(item);
    else columns.set(key, [item]);
  }
  const found = { places: new Map(), hidden: new Set(), more: [] };
  for (const [key, items] of columns) {
    items.sort((a, b) => a.start - b.start || b.end - a.end);
    for (const group of touching(items)) seat(group, key, lanes, found);
  }
  return found;
}

/** Items that hold one another in place: each overlaps another of its group. */
function touching(items) {
  const groups = [];
  let until = -Infinity;
  for (const item of items) {
    if (item.start >= until) groups.push([]);
    groups.at(-1).push(item);
    until = Math.max(until, item.end);
  }
  return groups;
}

const meet = (a, b) => a.start < b.end && b.start < a.end;

/** Puts each into the first free lane; answers the lanes, and what found none. */
function fill(items, most) {
  const lanes = [];
  const left = [];
  for (const item of items) {
    let at = lanes.findIndex((lane) => !lane.some((other) => meet(item, other)));
    if (at < 0 && lanes.length < most) at = lanes.push([]) - 1;
    if (at < 0) left.push(item);
    else { item.lane = at; lanes[at].push(item); }
  }
  return { lanes, left };
}

function seat(group, key, { alone, beside }, found) {
  let { lanes, left } = fill(group, alone);
  if (left.length) {
    // what is canceled gives way first
    const wanted = [...group].sort((a, b) => (a.row.status === "canceled") - (b.row.status === "canceled"));
    ({ lanes, left } = fill(wanted, beside));
  }
  const of = lanes.length;
  for (const lane of lanes) {
    for (const item of lane) {
      let next = item.lane + 1;
      while (next < of && !lanes[next].some((other) => meet(item, other))) next += 1;
      found.places.set(keyOf(item.row), ["in-lane", `lane-${item.lane}`, `of-${of}`, `span-${next - item.lane}`, ...(left.length ? ["has-more"] : [])]);
    }
  }
  left.sort((a, b) => a.start - b.start);
  let block = null;
  for (const item of left) {
    found.hidden.add(keyOf(item.row));
    if (!block || item.start >= block.start + HOUR) {
      if (block) block.end = Math.min(block.end, item.start);
      block = { key, start: item.start, end: item.end, rows: [] };
      found.more.push(block);
    }
    block.rows.push(item.row);
    block.end = Math.max(block.end, Math.min(item.end, block.start + HOUR));
  }
}
