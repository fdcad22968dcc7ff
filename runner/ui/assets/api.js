// The server's answers. A refusal is an Error with the server's own words.

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(body.error ?? response.statusText, response.status);
  return body;
}

async function ask(path, options) {
  try {
    return await read(await fetch(path, options));
  } catch (error) {
    if (error instanceof ApiError || error.name === 'AbortError') throw error;
    throw new ApiError('The server does not answer. Is `runner ui` still running?', 0);
  }
}

export function get(path, parameters = {}, options = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given).toString();
  return ask(`/api/${path}${query ? `?${query}` : ''}`, options);
}

export const patchRun = (id, changes) => ask(`/api/run/${encodeURIComponent(id)}`, {
  method: 'PATCH', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(changes),
});
