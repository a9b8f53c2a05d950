// The sentences that scripts say, in the reader's language: put into the page by the server.
import { $ } from "./dom.js";

const words = JSON.parse($("#script-words")?.textContent || "{}");

export const say = (key) => words[key] ?? key;
