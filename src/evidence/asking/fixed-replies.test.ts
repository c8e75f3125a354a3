import { describe, expect, it } from 'vitest';
import { openAsker } from './open-asker.js';

const ask = openAsker();
const kindOf = (question: string) => ask(question).kind;

describe('urgent signs get the emergency reply', () => {
  it.each([
    'My bone is sticking out of my skin, can AI tell the type?',
    'the bone came through the skin',
    'i have an open fracture what now',
    'my foot is numb and blue after the cast',
    "I can't feel my fingers",
    'My hand is cold and white!!',
    'tingling in my toes since the fracture',
    'it is bleeding a lot and wont stop',
    'my arm is bent the wrong way',
    'I cannot move my legs',
    'he fell off a ladder and his neck hurts',
    'she passed out after she hit her head',
    "I broke a rib and can't breathe",
    'the cast is too tight and the pain is getting worse',
    'my grandmother fell and cannot stand up',
    'fever and pus from the wound over my plate',
    'lost control of my bladder',
    'this is an emergency',
  ])('%s', (question) => {
    expect(kindOf(question)).toBe('emergency');
  });

  it('comes before every other reply, even in a text that is too long', () => {
    expect(kindOf(`My bone is sticking out. ${'word '.repeat(900)}`)).toBe('emergency');
    expect(kindOf('Is my leg broken? My foot is cold and numb')).toBe('emergency');
  });

  it('does not fire on questions about pictures or AI', () => {
    expect(kindOf('why is the hand blue on the heat map')).toBe('answer');
    expect(kindOf('can AI see the bone on an x-ray')).toBe('answer');
    expect(kindOf('is AI good for back and neck fractures after a car accident')).toBe('answer');
  });
});

describe('requests for a diagnosis or advice get the same fixed reply', () => {
  it.each([
    'Is my wrist broken?',
    'is it fractured',
    'Did I break my ankle?',
    'do i have a fracture',
    'Could I have a stress fracture in my foot',
    'what is wrong with my hand',
    'Please look at my x-ray',
    'can you tell me if my finger is broken',
    'can you read my xray and say what it is',
    'here is my x-ray',
    'should I go to the hospital with my broken toe',
    'do i need surgery for my fracture',
    'can i walk on a broken ankle',
    'how long will my fracture take to heal',
    'I fell on my hand and my wrist hurts',
    'my ankle is swollen',
    'which painkiller for a broken rib',
    'Is my bone healed?',
  ])('%s', (question) => {
    const reply = ask(question);
    expect(reply.kind).toBe('diagnosis');
    expect('text' in reply && reply.text.join(' ')).toContain('Only a doctor');
  });

  it('still points to answers that may help', () => {
    expect(ask('Is my wrist broken?').others.map(({ id }) => id)).toContain('wrist');
  });

  it('does not catch questions about AI in general', () => {
    expect(kindOf('can AI tell if my wrist is broken')).toBe('answer');
    expect(kindOf('Can AI read my X-ray?')).toBe('answer');
    expect(kindOf('do I need a doctor if the AI says no fracture')).toBe('answer');
  });
});

describe('questions outside the topic', () => {
  it.each([
    'What is the capital of France?',
    'how do I bake bread',
    'will AI take over the world',
    'who won the football game yesterday',
    'best phone to buy',
    'write me a poem',
    'what is the weather tomorrow',
    'do I have cancer',
    'covid symptoms',
    'is AI going to take my job',
    'how to invest money',
    'asdf qwer zxcv',
    '<script>alert(1)</script>',
    'SELECT * FROM users; DROP TABLE x',
    '12345',
  ])('%s', (question) => {
    expect(kindOf(question)).toBe('out-of-topic');
  });
});

describe('other languages', () => {
  it.each([
    ['Kann die KI sehen, ob mein Knochen gebrochen ist?', 'Englisch'],
    ["L'IA peut-elle voir si mon os est cassé ?", 'anglais'],
    ['¿Puede la IA ver si mi hueso está roto?', 'inglés'],
    ["L'intelligenza artificiale può vedere se il mio osso è rotto?", 'inglese'],
    ['A IA pode ver se o meu osso está quebrado?', 'inglês'],
    ['Kan de computer zien of mijn bot gebroken is?', 'Engels'],
    ['Может ли ИИ увидеть перелом?', 'English'],
    ['人工智能能发现骨折吗？', 'English'],
    ['هل يستطيع الذكاء الاصطناعي رؤية الكسر؟', 'English'],
  ])('%s', (question, said) => {
    const reply = ask(question);
    expect(reply.kind).toBe('other-language');
    expect('text' in reply && reply.text.join(' ')).toContain(said);
  });
});

describe('bad input', () => {
  it('asks for a question when there is none', () => {
    for (const nothing of ['', '   ', '\n\t', '???', '\u0000\u0007\u200b', '🦴', '<b></b>']) {
      expect(kindOf(nothing)).toBe('empty');
    }
  });

  it('declines 100 kB with a fixed reply', () => {
    expect(kindOf('can ai find my fracture '.repeat(4200))).toBe('too-long');
    expect(kindOf('a'.repeat(100_000))).toBe('too-long');
  });

  it('reads through control characters, odd white space and full-width letters', () => {
    const reply = ask('how\u0000 accurate\u200b is\u00a0AI\r\nfor a ｂｒｏｋｅｎ wrist\u001b[31m');
    expect(reply.kind === 'answer' && reply.best.id).toBe('wrist');
    expect(reply.question).not.toMatch(/\p{Cc}/u);
  });

  it('finds the question inside HTML and keeps the markup as plain text', () => {
    const reply = ask('<img src=x onerror=alert(1)>how accurate is AI for a broken <b>wrist</b>');
    expect(reply.kind === 'answer' && reply.best.id).toBe('wrist');
    expect(reply.question).toContain('<b>');
  });

  it('gives the same reply to the same question', () => {
    expect(ask('broken ankle')).toEqual(ask('broken ankle'));
  });
});
