import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import should from 'should';
import { expired, misnamed, selfSigned } from '../support/self-signed';
import { selfSignedServer, type TestServer } from '../support/servers';
import { FaultyProxy } from './faulty-proxy';

const run = promisify(execFile);

const untrusted = 'CertificateError: DEPTH_ZERO_SELF_SIGNED_CERT';

/** Certificates that no trust helps, and what is told of them. */
const badCertificates = {
  'has expired': [expired, 'CertificateError: CERT_HAS_EXPIRED'],
  'is for another host': [misnamed, 'CertificateError: ERR_TLS_CERT_ALTNAME_INVALID'],
} as const;

describe('a process whose environment', () => {
  let server: TestServer;
  let proxy: FaultyProxy;
  let folder: string;

  beforeEach(async () => {
    server = await selfSignedServer();
    proxy = new FaultyProxy();
    proxy.demands = 'jane:p:w/d';
    await proxy.listen();
    folder = mkdtempSync(path.join(tmpdir(), 'private-ca-'));
    writeFileSync(path.join(folder, 'ca.pem'), selfSigned.cert);
  });
  afterEach(async () => {
    await proxy.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const endpoint = () => `https://127.0.0.1:${server.port}`;
  const trusting = () => ({ NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem') });
  const proxyUrl = () => `http://jane:${encodeURIComponent('p:w/d')}@${proxy.host}`;

  /** What two calls come to. It must end by itself, or something is left open. */
  async function outcomes(env: Record<string, string>): Promise<unknown> {
    const program = path.join(__dirname, 'gateway-process.js');
    const { PATH = '' } = process.env;
    const { stdout } = await run(process.execPath, [program, endpoint()], { env: { PATH, ...env }, timeout: 15_000 });
    return JSON.parse(stdout);
  }

  it('names a private CA trusts it', async () => {
    should(await outcomes(trusting())).deepEqual(['answered', 'answered']);
    should(proxy.asked).be.empty();
  });

  it('names no CA trusts nobody', async () => {
    should(await outcomes({})).deepEqual([untrusted, untrusted]);
  });

  for (const [what, [certificate, code]] of Object.entries(badCertificates)) {
    it(`names a private CA trusts no certificate of it that ${what}`, async () => {
      await server.close();
      server = await selfSignedServer(certificate);
      writeFileSync(path.join(folder, 'ca.pem'), certificate.cert);
      should(await outcomes(trusting())).deepEqual([code, code]);
    });
  }

  for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
    it(`has ${name} goes through it, over one connection that lasts`, async () => {
      should(await outcomes({ ...trusting(), [name]: proxyUrl() })).deepEqual(['answered', 'answered']);
      should(proxy.asked).deepEqual([{ target: `127.0.0.1:${server.port}`, credentials: 'jane:p:w/d' }]);
    });
  }

  for (const name of ['NO_PROXY', 'no_proxy']) {
    it(`has ${name} goes past the proxy`, async () => {
      const env = { ...trusting(), HTTPS_PROXY: proxyUrl(), [name]: '127.0.0.1' };
      should(await outcomes(env)).deepEqual(['answered', 'answered']);
      should(proxy.asked).be.empty();
    });
  }

  it('has a proxy and no CA trusts nobody behind it either', async () => {
    should(await outcomes({ HTTPS_PROXY: proxyUrl() })).deepEqual([untrusted, untrusted]);
  });
});
