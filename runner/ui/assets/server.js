/** What the server says of itself: version, database, read_only. */
export const server = {version: '', database: '', read_only: true};
