// Not compiled by our tests: parsed, and compared with the clients that are compiled.
// Push messages and calls. It connects three things: Switchboard's API, Exotel's SDK, and the screen that rings.
//
// On Android this gets every push. FlutterFire's background handler runs in an isolate of its own, which shares no variables
// with the app's: make a Phone there, too, whose Screen rings by a notification. On an iPhone this gets alerts, and only while
// the app was not swiped away; for PushKit iOS wants the call reported by native code before Dart runs: use ../swift/Phone.swift
// in the Runner.

import 'dart:async';

import 'switchboard.dart';

/// The part of Exotel's SDK that is used here: implement it with the plugin's ExotelSDKClient.
abstract interface class VoiceSdk {
  Future<void> initialize(Login login);

  /// `relaySessionData`, with both texts exactly as they are.
  Future<void> relay(String payload, String payloadVersion);
  Future<void> dial(String exophone);
  Future<void> answer();
  Future<void> hangUp();
  Future<void> stop();
}

/// What the user sees. Calls have the id `callUuid` in all messages.
abstract interface class Screen {
  void ring(Incoming call);

  /// The caller's message and name, once they are known.
  void update(Incoming call);

  /// The user has answered: stop the sound.
  void answered(String callUuid);

  /// The call is over, or never began: [reason] is `ended`, `declined`, `failed`, or that of a cancel message.
  void end(String callUuid, String reason);
  void missed(String caller, int at);

  /// The session has ended: show the login.
  void loggedOut();
}

/// A call for this phone; `pushId` is empty where it came without a push.
typedef Incoming = ({String callUuid, String pushId, String callerName, String message});

enum _State { ringing, answering, talking }

final class _Current {
  _Current(this.shown, this.ringTime);

  Incoming shown;
  final Duration ringTime;
  _State state = _State.ringing;
  String? sessionId;
  Timer? timer;
}

final class Phone {
  Phone(this._api, this._sdk, this._screen) {
    _api.onSessionEnded = (_) => _sessionEnded();
  }

  static const _ringTime = Duration(seconds: 30);
  static const _renewAgain = Duration(seconds: 30); // the SDK can report the same failure many times
  static const _mostRemembered = 50;

  final Switchboard _api;
  final VoiceSdk _sdk;
  final Screen _screen;
  final List<String> _over = []; // calls that must not ring (again)
  _Current? _current; // a call for this phone
  bool _isDialling = false; // a call by this phone, until its end
  String? _pushId; // of this call or the last, for its late callbacks
  String? _sessionId;
  PushToken? _token;
  Future<void>? _sdkStart;
  bool _sessionHasEnded = false;
  DateTime? _renewedAt;

  bool get _isBusy => _current != null || _isDialling;

  /// At the start of the app: bring the SDK up if a user is logged in, and send what could not be sent before.
  Future<bool> start() async {
    final login = await _api.session();
    if (login == null) return false;
    await _bringUp(login);
    await _api.flush().catchError((Object _) {});
    return true;
  }

  Future<void> login(String userName, String password) async => _loggedIn(await _api.login(userName, password));

  Future<void> loginWithIdToken(String idToken) async => _loggedIn(await _api.loginWithIdToken(idToken));

  Future<void> logout() async {
    await _api.logout(_token?.deviceToken);
    await _loggedOut();
  }

  /// The system has given the app a push token: at each start, and whenever it changes.
  Future<void> pushTokenChanged(PushToken token) async {
    _token = token;
    if (await _api.session() != null) await _api.registerPush(token);
  }

  /// A push message has arrived: `RemoteMessage.data`, in the foreground and in the background handler. Hand all of them
  /// over: those that are not for this user do nothing.
  Future<void> pushReceived(Map<String, dynamic> data) async {
    final login = await _api.session();
    if (login == null) return;
    final mine = data['subscriberName'] == login.subscriberName;
    switch (data['type']) {
      case 'missedCall':
        _screen.missed('${data['caller'] ?? ''}', int.tryParse('${data['at']}') ?? 0);
      case 'cancel' when mine:
        _cancelled('${data['callUuid'] ?? ''}', '${data['reason'] ?? 'ended'}');
      case _ when mine && data['payload'] != null:
        await _invited(data.map((key, value) => MapEntry(key, '$value')), login);
    }
  }

  /// Call a user. The callee must be known to Switchboard before Exotel asks for it, so the context comes first.
  Future<void> dial(String callee, [String message = '']) async {
    await _api.setContext(callee, message);
    _pushId = _sessionId = null;
    final login = await _api.session();
    if (login == null) return;
    _isDialling = true;
    try {
      await _sdk.dial(login.exophone);
    } on Object {
      _isDialling = false;
      rethrow;
    }
  }

  /// The user answers. The SDK can be a moment behind the push: then it answers as soon as it has the call.
  Future<void> answer() async {
    final call = _current;
    if (call == null || call.state != _State.ringing) return;
    call.state = _State.answering;
    _endLater(call);
    _screen.answered(call.shown.callUuid);
    if (call.sessionId != null) await _answerNow();
    await _acknowledge(call.shown.pushId, AckState.answered);
  }

  Future<void> decline() async {
    final call = _current;
    if (call == null) return;
    _end('declined');
    if (call.sessionId != null) await _sdk.hangUp(); // else in callIncoming
    await _acknowledge(call.shown.pushId, AckState.declined);
  }

  Future<void> hangUp() {
    _isDialling = false;
    return _sdk.hangUp();
  }

  /// The SDK's onCallIncoming; [sessionId] is its call id, [caller] its destination.
  Future<void> callIncoming(String sessionId, String caller) async {
    if (_current == null && _pushId != null) return _sdk.hangUp(); // the call of that push is over
    if (_current == null && _isDialling) return; // the SDK has one call at a time
    final shown = (callUuid: sessionId, pushId: '', callerName: caller, message: '');
    final call = _current ?? _begin(shown, _ringTime);
    call.sessionId = _sessionId = sessionId;
    await _told('onIncomingCall');
    if (call.state == _State.answering) await _answerNow();
  }

  /// The SDK's onCallInitiated, of a call that this phone makes.
  Future<void> callInitiated([String? sessionId]) {
    _sessionId = sessionId;
    return _told('onCallInitiated');
  }

  Future<void> callRinging() => _told('onCallRinging');

  Future<void> callEstablished() {
    _current?.state = _State.talking;
    return _told('onCallEstablished');
  }

  /// The SDK's onCallEnded or onMissedCall; [cdr] are its call details. All events of the call go out as one request.
  Future<void> callEnded(Map<String, dynamic> cdr, {String name = 'onCallEnded'}) async {
    await _told(name, cdr: cdr);
    _isDialling = false;
    _end('ended');
    _pushId = _sessionId = null;
    if (_sessionHasEnded) await _loggedOut();
    await _api.flush().catchError((Object _) {}); // they stay in the queue
  }

  /// The SDK's onAuthenticationFailure: get new tokens and start the SDK anew.
  Future<void> authenticationFailed(String type, String message) async {
    await _told('onAuthenticationFailure', error: {'type': type, 'message': message});
    _isDialling = false;
    final now = DateTime.now(), before = _renewedAt;
    if (before != null && now.difference(before) < _renewAgain) return;
    _renewedAt = now;
    await _startSdk(_api.renewToken());
  }

  Future<void> _loggedIn(Login login) async {
    await _startSdk(login);
    final token = _token;
    if (token != null) await _api.registerPush(token);
  }

  /// A call goes on: it needs no session. A push rings whatever the session's age.
  Future<void> _sessionEnded() async {
    _sessionHasEnded = true;
    if (!_isBusy) await _loggedOut();
  }

  Future<void> _loggedOut() async {
    _sessionHasEnded = _isDialling = false;
    _end('ended');
    _sdkStart = null;
    await _sdk.stop();
    _screen.loggedOut();
  }

  Future<void> _invited(Map<String, String> data, Login login) async {
    final payload = data['payload']!, pushId = data['pushId'] ?? '';
    final callUuid = data['callUuid'] ?? (pushId.isEmpty ? payload : pushId);
    if (_over.contains(callUuid) || _current?.shown.callUuid == callUuid) return;
    if (_isBusy) {
      await _acknowledge(pushId, AckState.busy);
      return;
    }
    final caller = data['callerName'] ?? '';
    final shown = (
      callUuid: callUuid,
      pushId: pushId,
      callerName: caller.isEmpty ? 'Unknown caller' : caller,
      message: '',
    );
    final call = _begin(shown, _ringTimeOf(data));
    try {
      await _bringUp(login);
      await _sdk.relay(payload, data['payloadVersion'] ?? ''); // at once: the SDK hears when the caller gives up
    } on Object {
      _end('failed');
      rethrow;
    }
    final about = await _acknowledge(pushId, AckState.ringing);
    if (about == null || _current != call) return;
    call.shown = (callUuid: callUuid, pushId: pushId, callerName: about.callerName, message: about.message);
    _screen.update(call.shown);
  }

  /// A length of time, since the phone's clock can differ from the server's.
  Duration _ringTimeOf(Map<String, String> data) {
    final until = int.tryParse(data['expiresAt'] ?? ''), from = int.tryParse(data['sentAt'] ?? '');
    if (until == null || from == null || until <= from) return _ringTime;
    return Duration(milliseconds: until - from);
  }

  _Current _begin(Incoming shown, Duration ringTime) {
    final call = _Current(shown, ringTime);
    _endLater(call);
    _current = call;
    _pushId = shown.pushId.isEmpty ? null : shown.pushId;
    _sessionId = null;
    _screen.ring(shown);
    return call;
  }

  /// End a call that nobody answers, or that is answered and does not come about, each after the push's time to ring.
  void _endLater(_Current call) {
    call.timer?.cancel();
    call.timer = Timer(call.ringTime, () {
      if (_current != call || call.state == _State.talking) return;
      _end('ended');
      if (call.state == _State.answering && call.sessionId != null) _sdk.hangUp().ignore();
    });
  }

  Future<void> _answerNow() async {
    try {
      await _sdk.answer();
    } on Object {
      _end('failed');
      rethrow;
    }
  }

  void _cancelled(String callUuid, String reason) {
    final call = _current;
    if (call == null || call.shown.callUuid != callUuid) {
      _forbid(callUuid); // it can overtake its invite
    } else if (call.state == _State.ringing) {
      _end(reason);
    }
  }

  void _end(String reason) {
    final call = _current;
    if (call == null) return;
    call.timer?.cancel();
    _current = null;
    _forbid(call.shown.callUuid);
    _screen.end(call.shown.callUuid, reason);
    if (_sessionHasEnded) _loggedOut().ignore();
  }

  void _forbid(String callUuid) {
    _over.add(callUuid);
    if (_over.length > _mostRemembered) _over.removeAt(0);
  }

  /// Start the SDK once: the app and the push that started the app can both ask for it.
  Future<void> _bringUp(Login login) {
    final isOver = login.refreshTokenExpiresAt * 1000 <= DateTime.now().millisecondsSinceEpoch;
    return _sdkStart ?? _startSdk(isOver ? _api.renewToken() : login);
  }

  Future<void> _startSdk(FutureOr<Login> login) => _sdkStart = _initialize(login);

  Future<void> _initialize(FutureOr<Login> login) async {
    try {
      await _sdk.initialize(await login);
    } on Object {
      _sdkStart = null; // the next push or start tries again
      rethrow;
    }
  }

  /// Confirm a push as far as the network allows: the call goes on without it.
  Future<CallShown?> _acknowledge(String pushId, AckState state) async {
    if (pushId.isEmpty) return null;
    try {
      return await _api.acknowledge(pushId, state);
    } on SwitchboardException {
      return null;
    }
  }

  Future<void> _told(String name, {Map<String, dynamic>? error, Map<String, dynamic>? cdr}) =>
      _api.report({'name': name, 'pushId': _pushId, 'sessionId': _sessionId, 'error': error, 'cdr': cdr});
}
