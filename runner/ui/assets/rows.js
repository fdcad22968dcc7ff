// The rows of a list of any length, of which only those near the eye are fetched: pages of 100. Where runs are grouped,
// a row is a group or, where that one is open, one of its runs.
import {get} from './api.js';

const pageSize = 100;

export class Rows {
  constructor(request) {
    this.request = request;  // where, sort, columns, group
    this.pages = new Map();  // "section:page" -> {rows} or a promise
    this.sections = [];      // {group, value, count, open, start}: one without a group is the whole list
    this.total = 0;
    this.columns = [];
    this.notes = [];         // of names that hide a metric
  }

  async load(openValues = new Set()) {
    if (this.request.group) await this.loadGroups(openValues);
    else await this.loadAll();
    this.place();
  }

  async loadAll() {
    const first = await this.ask(0);
    this.columns = first.columns;
    this.notes = first.notes;
    this.total = first.total;
    this.sections = [{group: null, count: first.total, open: true}];
    this.pages.set('0:0', first.rows);
  }

  async loadGroups(openValues) {
    const {where, columns, group} = this.request;
    const found = await get('groups', {where, columns, group});
    this.columns = found.columns;
    this.notes = found.notes;
    this.total = found.groups.reduce((sum, each) => sum + each.count, 0);
    this.sections = found.groups.map((each) => ({group: each, count: each.count, open: openValues.has(JSON.stringify(each.value))}));
  }

  ask(page, section) {
    const value = section?.group ? JSON.stringify(section.group.value) : undefined;
    return get('runs', {...this.request, group: section?.group ? this.request.group : undefined, value,
      offset: page * pageSize, limit: pageSize});
  }

  place() {
    let start = 0;
    for (const section of this.sections) {
      section.start = start;
      start += (section.group ? 1 : 0) + (section.open ? section.count : 0);
    }
    this.length = start;
  }

  toggle(section) {
    section.open = !section.open;
    this.place();
  }

  openValues() {
    return new Set(this.sections.filter((each) => each.open && each.group).map((each) => JSON.stringify(each.group.value)));
  }

  /** {section} for a group's own row, {run} for a run, {} while it is on its way; `arrived` is called once it is there. */
  at(index, arrived) {
    let low = 0, high = this.sections.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.sections[middle].start <= index) low = middle; else high = middle - 1;
    }
    const section = this.sections[low];
    if (section.group && index === section.start) return {section};
    const inside = index - section.start - (section.group ? 1 : 0);
    const page = Math.floor(inside / pageSize), key = `${low}:${page}`;
    const rows = this.pages.get(key);
    if (Array.isArray(rows)) return {run: rows[inside % pageSize]};
    if (!rows) {
      this.pages.set(key, this.ask(page, section).then((answer) => {
        this.pages.set(key, answer.rows);
        arrived();
      }, () => this.pages.delete(key)));
    }
    return {};
  }
}
