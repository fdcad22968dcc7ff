// Name, tags and note of a run, edited where they stand.
import {patchRun} from './api.js';
import {button, h} from './dom.js';
import {server} from './server.js';

/** An <h1> with the name; a button changes it into a field. */
export function nameEditor(run, changed) {
  const place = h('div', {class: 'name'});

  function show() {
    place.replaceChildren(h('h1', {}, run.name), server.read_only ? '' : button('Rename', edit, {class: 'quiet'}));
  }

  function edit() {
    const input = h('input', {type: 'text', value: run.name, 'aria-label': 'Name', onkeydown: (event) => {
      if (event.key === 'Enter') save();
      if (event.key === 'Escape') show();
    }});
    const save = () => changed({name: input.value.trim()}).then((done) => {
      if (done) run.name = input.value.trim();
      if (done) show();
    });
    place.replaceChildren(input, button('Save', save), button('Cancel', show, {class: 'quiet'}));
    input.focus();
    input.select();
  }
  show();
  return place;
}

export function tagEditor(run, changed) {
  const place = h('div', {class: 'tags', role: 'group', 'aria-label': 'Tags'});

  function show(focusInput = false) {
    const input = h('input', {type: 'text', placeholder: 'Add a tag', 'aria-label': 'Add a tag', maxlength: '64', onkeydown: (event) => {
      if (event.key !== 'Enter' || !input.value.trim()) return;
      changed({add_tags: [input.value.trim()]}).then((now) => now && replace(now, true));
    }});
    place.replaceChildren(...run.tags.map((tag) => h('span', {class: 'tag'}, tag,
        server.read_only ? '' : h('button', {type: 'button', 'aria-label': `Remove ${tag}`, onclick: () =>
          changed({remove_tags: [tag]}).then((now) => now && replace(now, true))}, '×'))), server.read_only ? '' : input);
    if (focusInput) input.focus();
    if (server.read_only && run.tags.length === 0) place.append(h('span', {class: 'muted'}, 'no tags'));
  }

  function replace(now, focusInput) {
    run.tags = now.tags;
    show(focusInput);
  }
  show();
  return place;
}

export function noteEditor(run, changed) {
  const place = h('div', {class: 'note'});

  function show() {
    place.replaceChildren(run.note ? h('p', {}, run.note) : '',
        server.read_only ? '' : button(run.note ? 'Edit note' : 'Add a note', edit, {class: 'quiet'}));
  }

  function edit() {
    const input = h('textarea', {rows: '4', 'aria-label': 'Note', value: run.note, onkeydown: (event) => {
      if (event.key === 'Escape') show();
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
    }});
    const save = () => changed({note: input.value.trim()}).then((now) => {
      if (!now) return;
      run.note = now.note;
      show();
    });
    place.replaceChildren(input, h('p', {class: 'actions'}, button('Save note', save), button('Cancel', show, {class: 'quiet'})));
    input.focus();
  }
  show();
  return place;
}

/** Sends a change; says under `problem` why it was refused, and gives what is there now, or null. */
export function sender(id, problem) {
  return async (changes) => {
    try {
      const now = await patchRun(id, changes);
      problem.hidden = true;
      return now;
    } catch (error) {
      problem.hidden = false;
      problem.textContent = error.message;
      return null;
    }
  };
}
