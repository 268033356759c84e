import should from 'should';
import { contextDataOf } from '../../../../nodes/lib/cognito/context-data';

const complete = {
  IpAddress: '203.0.113.7',
  ServerName: 'gateway',
  ServerPath: '/login',
  HttpHeaders: [{ headerName: 'user-agent', headerValue: 'a browser' }],
};

describe('context data', () => {
  it('is left out when there is none', () => {
    should(contextDataOf(undefined, 'server-side')).be.undefined();
    should(contextDataOf('', 'client-side')).be.undefined();
  });

  it('is handed on in Cognito’s own names', () => {
    should(contextDataOf({ ...complete, EncodedData: 'abc' }, 'server-side')).deepEqual({
      ...complete,
      EncodedData: 'abc',
    });
  });

  it('takes the headers as Node hands them out', () => {
    const headers = { 'user-agent': 'a browser', 'x-list': ['a', 'b'], 'content-length': 7 };
    should(contextDataOf({ ...complete, HttpHeaders: headers }, 'server-side')).have.property('HttpHeaders', [
      { headerName: 'user-agent', headerValue: 'a browser' },
      { headerName: 'x-list', headerValue: 'a,b' },
      { headerName: 'content-length', headerValue: '7' },
    ]);
  });

  for (const missing of Object.keys(complete)) {
    it(`can't be without ${missing} server-side`, () => {
      should(() => contextDataOf({ ...complete, [missing]: undefined }, 'server-side')).throw({
        code: 'InputInvalid',
        details: { field: 'contextData', expected: '{IpAddress, ServerName, ServerPath, HttpHeaders}' },
      });
    });
  }

  it('may be partial client-side', () => {
    should(contextDataOf({ EncodedData: 'abc' }, 'client-side')).deepEqual({ EncodedData: 'abc' });
  });

  for (const value of ['text', 5, [complete], true]) {
    it(`can't be ${JSON.stringify(value)}`, () => {
      should(() => contextDataOf(value, 'client-side')).throw({
        code: 'InputInvalid',
        details: { field: 'contextData' },
      });
    });
  }
});
