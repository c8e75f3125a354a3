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
    'my kid fell off the trampoline and her arm looks bent',
    'bone poking thru skin',
    'bone is stickng out of my leg',
    'foot is cold and pale after fall',
    'leg is swollen and hard and really painful after tibia fracture',
    'i cant breath after breaking my ribs',
    'calf pain and short of breath after breaking my leg',
    'i cant mvoe my toes',
    'unconcious after fall',
    'bleeding wont stopp',
    'hit my head and threw up',
    'my mum hit her head and is confused',
    'overdose on painkillers for broken ankle',
    'my leg is pointing the wrong direction',
    'my fracture is infected, pus coming out, can AI see it',
    'I have an open fracture, will the AI see it?',
    'think i snapped my leg bone is out',
    'finger cut off',
    'deep cut and i can see white bone',
    'nan fell out of bed and her leg is shorter',
    'fell down stairs now my foot is facing backwards',
    'my little boys elbow is twice the size and his fingers are white',
    'grandad fell, cant get up, hip',
  ])('%s', (question) => {
    expect(kindOf(question)).toBe('emergency');
  });

  it('comes before every other reply, even in a text that is too long', () => {
    expect(kindOf(`My bone is sticking out. ${'word '.repeat(900)}`)).toBe('emergency');
    expect(kindOf('Is my leg broken? My foot is cold and numb')).toBe('emergency');
  });

  it.each([
    'why is the hand blue on the heat map',
    'can AI see the bone on an x-ray',
    'is AI good for back and neck fractures after a car accident',
    'does AI detect an open fracture',
    'what is a compound fracture',
    'is AI good at finding a crooked finger fracture',
    'AI for hip fracture in elderly who cannot stand',
    'do cold hands affect AI result',
    'does AI show cold spots on a bone scan of the foot',
    'is a blue box on my foot x-ray bad',
    'why is my arm black and white on an xray',
    'infection after surgery for fracture with fever can PET find it',
    'does AI help in the emergency department',
  ])('but not: %s', (question) => {
    expect(kindOf(question)).toBe('answer');
  });

  it.each([
    'my arm tingles when I sleep',
    'the bone is out of place says the report',
    'my toe is black and blue',
    'my finger is bent after playing basketball',
    'is ice or cold better for my ankle',
  ])('nor: %s', (question) => {
    expect(kindOf(question)).not.toBe('emergency');
  });
});

describe('people who are not safe get a reply of their own', () => {
  it.each([
    'suicidal',
    'I want to die',
    'my pain is so bad i want to kill myself',
    'my husband hit me and broke my arm',
  ])('%s', (question) => {
    const reply = ask(question);
    expect(reply.kind).toBe('crisis');
    expect('text' in reply && reply.text.join(' ')).toContain('helpline');
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
    'what to do for broken toe',
    'how to treat a broken rib',
    'how do i know if my ankle is broken',
    'signs of a broken bone',
    'is surgery necessary for clavicle fracture',
    'how long does a broken wrist take to heal',
    'when can i take my cast off',
    'i have a fracture what now',
    'i cant put weight on my ankle',
    'heard a crack in my wrist',
    'cast smells',
    'red and hot around the plate in my ankle',
    'baby fell off bed broken collarbone?',
    'can you diagnose me',
    'it hurts',
    'I fell',
    'sharp pain when i breathe after hitting my ribs',
    'is a hairline fracture serious',
    'do hairline fractures heal by themselves',
    'explain my xray report',
    'my report says comminuted fracture of the distal radius',
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
    'my iphone screen is broken',
    'crack in my windshield',
    'break up with my boyfriend',
    'ski trip broken boot',
    'cracked tooth',
    'my dog broke his leg',
    'AI for animals x-rays',
    'pneumonia AI chest x-ray',
    'breast cancer ai',
    'heart attack AI',
    'how to break a leg in theatre',
    'hello',
    'help',
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
    ["l'ia trova le fratture?", 'inglese'],
    ['czy AI wykryje złamanie', 'angielsku'],
    ['yapay zeka kırık kemiği görür mü', 'İngilizce'],
    ['骨折したかもしれない、AIは見つけられますか', '英語'],
    ['hälsoröntgen åäö ðþ', 'English'],
  ])('%s', (question, said) => {
    const reply = ask(question);
    expect(reply.kind).toBe('other-language');
    expect('text' in reply && reply.text.join(' ')).toContain(said);
  });
});

describe('the language of a reply', () => {
  it.each([
    ['Kann die KI sehen, ob mein Knochen gebrochen ist?', 'de'],
    ['Может ли ИИ увидеть перелом?', 'ru'],
    ['骨折したかもしれない、AIは見つけられますか', 'ja'],
    ['هل يستطيع الذكاء الاصطناعي رؤية الكسر؟', 'ar'],
  ])('%s is told, so that it is read aloud rightly: %s', (question, language) => {
    const reply = ask(question);
    expect(reply.kind === 'other-language' && reply.foreign).toEqual({ language, sentences: 2 });
  });
});

describe('an emergency in another language', () => {
  it.each([
    ['der Knochen schaut raus', 'Notruf'],
    ["j'ai mal au poignet", 'secours'],
    ['mi brazo esta entumecido y frio', 'emergencias'],
    ['mon os sort de la peau', 'secours'],
    ['нога холодная и онемела', 'экстренной'],
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
