import { createHash } from 'node:crypto';
import type { Message } from '../outbox';
import { currentTotpCode, TOTP_STEP_MS } from '../protocol/totp';
import type { Service } from '../service';
import type { Answer } from './answer';

/** What the page shows, and `/outbox.json` answers. */
interface OutboxView {
  /** Newest first. */
  messages: Message[];
  totpCodes: { userPoolId: string; username: string; code: string; secondsLeft: number }[];
}

const SHOWN_USERS = 100;

function view({ outbox, clock, pools }: Service): OutboxView {
  const now = clock.now();
  const secondsLeft = Math.ceil((TOTP_STEP_MS - (now % TOTP_STEP_MS)) / 1000);
  const totpCodes = pools.all.flatMap((pool) =>
    pool.users.flatMap(({ username, totpSecret }) =>
      totpSecret ? [{ userPoolId: pool.id, username, code: currentTotpCode(totpSecret, now), secondsLeft }] : [],
    ),
  );
  return { messages: outbox.messages.toReversed(), totpCodes: totpCodes.slice(0, SHOWN_USERS) };
}

/** `/outbox.json`: what the page shows, for programs. */
export function outboxJson(service: Service): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', ...ownEyesOnly },
    body: JSON.stringify(view(service)),
  };
}

/** Fetches the page again and changes the cells that differ, so that focus, selection and scrolling stay. */
const script = `
const say = (text) => { document.getElementById('state').textContent = text; };
const update = (shown, fresh) => {
  const [cells, freshCells] = [shown.querySelectorAll('td'), fresh.querySelectorAll('td')];
  if (cells.length !== freshCells.length) {
    shown.innerHTML = fresh.innerHTML;
    return true;
  }
  cells.forEach((cell, index) => {
    const { textContent } = freshCells[index];
    if (cell.textContent !== textContent) cell.textContent = textContent;
  });
  return false;
};
let lost = false;
const refresh = async () => {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    update(document.getElementById('codes'), page.getElementById('codes'));
    const news = update(document.getElementById('messages'), page.getElementById('messages'));
    if (news) say('There is a new message.');
    else if (lost) say('');
    lost = false;
  } catch {
    lost = true;
    say('The pool does not answer.');
  }
};
setInterval(refresh, 1000);
`;

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
caption { text-align: left; font-size: 1.25rem; font-weight: 600; padding: .5rem 0 }
th, td { text-align: left; padding: .4rem .8rem; border-bottom: 1px solid #767676 }
.code { font: 1.25rem ui-monospace, monospace }
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const ownEyesOnly = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy':
    `default-src 'none'; connect-src 'self'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; ` +
    `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

/** `/outbox`: the codes sent, and those of the authenticator apps. */
export function outboxPage(service: Service): Answer {
  const { messages, totpCodes } = view(service);
  const body = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Outbox of the local user pool</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Outbox of the local user pool</h1>
<p>Codes that Amazon Cognito would send by SMS and e-mail, and what the users' authenticator apps show now. The page refreshes itself.</p>
<p id="state" role="status"></p>
<div id="messages">${messagesTable(messages)}</div>
<div id="codes">${codesTable(totpCodes)}</div>
</main>
<script>${script}</script>
</body>
</html>
`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8', ...ownEyesOnly }, body };
}

function messagesTable(messages: readonly Message[]): string {
  if (messages.length === 0) return '<p>No messages yet.</p>';
  const rows = messages.map(({ sentAt, username, userPoolId, medium, destination, code }) =>
    row([new Date(sentAt).toISOString(), username, userPoolId, medium === 'SMS' ? 'SMS' : 'e-mail', destination], code),
  );
  return table('Messages, newest first', ['Sent', 'User', 'User pool', 'By', 'To', 'Code'], rows);
}

function codesTable(codes: OutboxView['totpCodes']): string {
  const rows = codes.map(({ username, userPoolId, code, secondsLeft }) =>
    row([username, userPoolId, `${secondsLeft} s`], code),
  );
  return table('Authenticator apps', ['User', 'User pool', 'Valid for', 'Code'], rows);
}

function table(caption: string, heads: readonly string[], rows: readonly string[]): string {
  const headCells = heads.map((head) => `<th scope="col">${head}</th>`).join('');
  return `<table><caption>${caption}</caption><thead><tr>${headCells}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function row(cells: readonly string[], code: string): string {
  return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}<td class="code">${escape(code)}</td></tr>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
