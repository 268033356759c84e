import { createServer } from 'node:http';

/*
 * A process of its own that answers every request as Cognito answers a sign-in without challenges, and does nothing
 * else. It tells its parent its port.
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

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.(address?.port);
});
process.on('disconnect', () => process.exit());
