import {get} from './api.js';

/** What the server says of itself: version, database, read_only. */
export const server = {version: '', database: '', read_only: true};

/** Settles once that is known. */
export const serverIsKnown = get('about').then((about) => Object.assign(server, about), () => {});
