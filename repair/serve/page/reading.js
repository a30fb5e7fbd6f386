// Has the server read the article, and draws what it tells as it comes.

import { fix } from "./api.js";
import { $ } from "./dom.js";
import { Memory } from "./memory.js";
import { againOf, previewOf, stepOf } from "./progress.js";
import { say, showError, showProgress } from "./screen.js";
import { plural } from "./text.js";

export class Reading {
  memory = new Memory();
  running = null; // aborts the reading
  failed = null; // what was being read when the server was lost

  // Has the server read a desk's text: all of it, or what of it is unread.
  async read(desk, all = desk.article.allUnread) {
    this.running?.abort();
    const running = (this.running = new AbortController());
    const { article } = desk;
    showError();
    if (all) say("Reading …");
    document.body.classList.add("busy");
    try {
      await fix({ ...article.asked(all), source: $("source").value }, {
        signal: running.signal,
        onEvent: (event) => this.receive(desk, article, event, all),
        onWait: (seconds, left) =>
          say(`The server is busy: trying again in ${plural(seconds, "second")}, ${plural(left, "try", "tries")} left.`),
      });
    } catch (error) {
      if (this.running === running) await this.fail(error, desk, all);
    } finally {
      if (this.running === running) {
        document.body.classList.remove("busy");
        showProgress("");
      }
    }
  }

  async fail(error, desk, all) {
    if (error.name === "AbortError") return say("Stopped. What was read so far is shown.");
    if (error.status === 401 && (await this.unlock())) return this.read(desk, all);
    showError(error.message, worthAnother(error) ? "retry" : null);
    this.failed = { desk, all };
    return undefined;
  }

  receive(desk, article, event, all) {
    if (event.type === "start") this.begin(desk, article, event, all);
    if (event.type === "findings") this.preview(desk, article, event);
    if (event.type === "progress") showProgress(...(all ? stepOf : againOf)(event));
    if (event.type === "report") this.finish(desk, article, event, all);
  }

  begin(desk, article, event, all) {
    const earlier = this.desk ?? this.shelved;
    if (earlier && earlier !== desk) this.memory.learn(earlier);
    if (all) desk.readAgain();
    desk.start(article, event);
    if (this.desk === desk) this.draw();
    else this.resume(desk);
    showProgress(all ? "Reading …" : againOf(event)[0]);
  }

  preview(desk, article, event) {
    const first = article.sentenceAt(article.read);
    desk.add(article, event);
    showProgress(...previewOf(article.read / Math.max(article.text.length, 1)));
    for (let i = first; i < desk.sentences.length && desk.sentences[i].start < article.read; i += 1) this.drawOne(i);
    this.drawNews();
  }

  finish(desk, article, report, all) {
    const { unread } = article;
    desk.finish(article, report, (one, item) => this.memory.recall(one, item), writingOwn() ? this.current : null);
    if (!desk.byKey.has(this.current)) this.current = null;
    const wide = matchMedia("(min-width: 60rem)").matches;
    if (all && !this.current && wide) this.current = this.order().find((item) => desk.isOpen(item))?.key ?? null;
    this.drawArticle();
    this.drawNews();
    const notes = (report.notes ?? []).map((note) => ` Note: ${note}.`).join("") + this.keep();
    const { findings, clean, sentences } = desk.counts();
    const again = desk.items.filter((item) => desk.isOpen(item) && unread.some((range) => range.start <= item.start && item.end <= range.end));
    const told = all
      ? `${plural(findings, "finding")}; ${clean} of ${plural(sentences, "sentence needs", "sentences need")} nothing.`
      : `What you changed was read again: ${again.length ? plural(again.length, "finding") : "nothing found"}.`;
    say(`${told}${notes}`);
  }
}

// Can the same text be read another time? Not where the server has refused the text itself.
function worthAnother({ status = 0 }) {
  return status === 0 || status === 408 || status >= 500;
}

// Is somebody writing their own wording?
export function writingOwn() {
  return document.activeElement?.matches("#list .own input") ?? false;
}
