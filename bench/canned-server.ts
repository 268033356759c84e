import { createServer } from 'node:http';

/*
 * A process of its own that answers every request as Cognito answers a sign-in without challenges, and does nothing
 * else. It tells its parent where it listens. The parent can have it keep its answers back for a while.
 */

function token(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: 'bench' })}.${part(claims)}.${Buffer.alloc(256).toString('base64url')}`;
}

const claims = {
  sub: '00000000-0000-0000-0000-000000000000',
  exp: 2_000_000_000,
  iat: 1_999_996_400,
  auth_time: 1_999_996_400,
};
const body = JSON.stringify({
  AuthenticationResult: {
    AccessToken: token({ ...claims, token_use: 'access', username: 'bench' }),
    IdToken: token({ ...claims, token_use: 'id', 'cognito:username': 'bench' }),
    RefreshToken: Buffer.alloc(1200, 1).toString('base64url'),
    ExpiresIn: 3600,
    TokenType: 'Bearer',
  },
  ChallengeParameters: {},
});

const waiting = new Set<() => void>();
let isHeld = false;

const server = createServer((request, response) => {
  const answer = (): void => {
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
  request.resume().on('end', () => {
    if (isHeld) waiting.add(answer);
    else answer();
  });
});
process.on('message', (message) => {
  isHeld = message === true;
  for (const answer of isHeld ? [] : waiting) answer();
  if (!isHeld) waiting.clear();
  process.send?.('done');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.(`http://127.0.0.1:${address?.port ?? 0}`);
});
process.on('disconnect', () => process.exit());
