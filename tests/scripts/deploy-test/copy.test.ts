import { describe, expect, it } from 'vitest';
import { removeResources, type StackTemplate } from '#scripts/deploy-test/assembly.ts';
import { loosenRights } from '#scripts/deploy-test/conditions.ts';
import { splitGatewayResponses } from '#scripts/deploy-test/gateway-responses.ts';

/** What the deploy test changes in its copy of the templates, and what it must not. */

const stackOf = (Resources: StackTemplate['template']['Resources'], more: object = {}): StackTemplate => ({
  file: 'Probe.template.json',
  name: 'Probe',
  template: { Resources, ...more },
});
const archives = ({ Type }: { readonly Type: string }) => (Type === 'AWS::Events::Archive' ? Type : undefined);

describe('taking out what the emulator does not know', () => {
  it('leaves the rest as it was and says what went', () => {
    const stack = stackOf({ Bus: { Type: 'AWS::Events::EventBus' }, Archive: { Type: 'AWS::Events::Archive' } });
    expect(removeResources([stack], archives)).toEqual([
      { stack: 'Probe', logicalId: 'Archive', what: 'AWS::Events::Archive' },
    ]);
    expect(stack.template.Resources).toEqual({ Bus: { Type: 'AWS::Events::EventBus' } });
  });

  it.each([
    ['by Ref', { Properties: { A: { Ref: 'Archive' } } }],
    ['by GetAtt', { Properties: { A: { 'Fn::GetAtt': ['Archive', 'Arn'] } } }],
    ['by GetAtt in one text', { Properties: { A: { 'Fn::GetAtt': 'Archive.Arn' } } }],
    ['by Sub', { Properties: { A: [{ 'Fn::Sub': [`x \${Archive.Arn}`, {}] }] } }],
    ['by DependsOn', { DependsOn: ['Archive'] }],
  ])('ends where something that stays refers to it %s', (_how, referring) => {
    const stack = stackOf({
      Archive: { Type: 'AWS::Events::Archive' },
      Other: { Type: 'AWS::SNS::Topic', ...referring },
    });
    expect(() => removeResources([stack], archives)).toThrow(/Other refers to Archive/);
  });

  it('ends where an output refers to it', () => {
    const outputs = { Outputs: { Name: { Value: { Ref: 'Archive' } } } };
    const stack = stackOf({ Archive: { Type: 'AWS::Events::Archive' } }, outputs);
    expect(() => removeResources([stack], archives)).toThrow(/Outputs refers to Archive/);
  });
});

describe('rights that the emulator judges otherwise', () => {
  const loosened = (Statement: readonly object[], Type = 'AWS::IAM::Policy') => {
    const document = { Version: '2012-10-17', Statement };
    const property = Type === 'AWS::IAM::Policy' ? 'PolicyDocument' : 'Policy';
    loosenRights([stackOf({ Policy: { Type, Properties: { [property]: document } } })]);
    return document.Statement;
  };
  const put = { Effect: 'Allow', Action: 'events:PutEvents', Resource: 'bus' };

  it('lose the one condition it cannot judge and keep every other', () => {
    const Condition = {
      StringEquals: { 'events:source': 'crm', 'aws:SourceAccount': '1' },
      Null: { 'kms:EncryptionContext:owner': 'false' },
    };
    expect(loosened([{ ...put, Condition }])).toEqual([
      { ...put, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } },
    ]);
    expect(loosened([{ ...put, Condition: { StringEquals: { 'events:source': 'crm' } } }])).toEqual([put]);
  });

  it('are denied no more on such a condition, and still on any other', () => {
    const deny = { ...put, Effect: 'Deny' };
    const known = { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'x' } } };
    const unknown = { ...deny, Condition: { StringNotEquals: { 'events:source': ['crm'] } } };
    expect(loosened([known, unknown, deny], 'AWS::Events::EventBus')).toEqual([known, deny]);
  });

  it('are for every resource where it takes the resource for another, and for no more acts', () => {
    const attach = { Effect: 'Allow', Action: ['iot:AttachPolicy', 'iot:UpdateCertificate'], Resource: ['cert/*'] };
    expect(loosened([attach])).toEqual([
      { ...attach, Action: ['iot:UpdateCertificate'] },
      { ...attach, Action: ['iot:AttachPolicy'], Resource: '*' },
    ]);
  });
});

it('what an API says itself becomes resources, each before its deployment', () => {
  const responses = { DEFAULT_4XX: { statusCode: 400, responseTemplates: { 'application/json': '{}' } } };
  const stack = stackOf({
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Body: { 'x-amazon-apigateway-gateway-responses': responses } },
    },
    Deployed: { Type: 'AWS::ApiGateway::Deployment', DependsOn: ['Method'] },
  });
  splitGatewayResponses([stack]);
  const { ApiDefault4xx, Deployed } = stack.template.Resources;
  expect(ApiDefault4xx?.Properties).toEqual({
    RestApiId: { Ref: 'Api' },
    ResponseType: 'DEFAULT_4XX',
    StatusCode: '400',
    ResponseTemplates: { 'application/json': '{}' },
  });
  expect(Deployed?.DependsOn).toEqual(['Method', 'ApiDefault4xx']);
});
