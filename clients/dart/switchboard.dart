// Not compiled by our tests: parsed, and its requests are compared with those of the clients that are compiled.
// Switchboard's API for an app: the session, every request, and a queue that keeps events while there is no network.

import 'dart:async';
import 'dart:convert';

import 'package:http/http.dart' as http;

/// Where the session and unsent events are kept: a store that the system encrypts.
abstract interface class Store {
  Future<String?> read(String key);
  Future<void> write(String key, String? value);
}

enum TokenType {
  fcm,
  fid,
  apns,
  apnsVoip;

  String get wire => this == apnsVoip ? 'apns-voip' : name;
}

enum AckState { ringing, answered, declined, busy }

enum Issue {
  noIssue('NO_ISSUE'),
  backgroundNoise('BACKGROUND_NOISE'),
  choppyAudio('CHOPPY_AUDIO'),
  highLatency('HIGH_LATENCY'),
  noAudio('NO_AUDIO'),
  echo('ECHO');

  const Issue(this.wire);
  final String wire;
}

/// The answer of a login. Times are epoch seconds.
final class Login {
  Login(this.json);

  final Map<String, dynamic> json;

  /// The text that the SDK's `initialize` takes.
  String get subscriberToken => jsonEncode(json['subscriber_token']);
  String get subscriberName => json['subscriber_name'] as String;
  String get hostName => json['host_name'] as String;
  String get accountSid => json['account_sid'] as String;
  String get exophone => json['exophone'] as String;
  String get displayName => json['contact_display_name'] as String;
  String get sessionToken => json['session_token'] as String;
  int get refreshTokenExpiresAt => json['refresh_token_expires_at'] as int;
}

final class PushToken {
  const PushToken(this.deviceToken, this.tokenType, {this.environment, this.bundleId});

  final String deviceToken;
  final TokenType tokenType;

  /// Of a token of Apple's: `production` or `sandbox`, whichever the app was signed for.
  final String? environment;
  final String? bundleId;
}

/// One event of Exotel's SDK: `name`, `time` (epoch milliseconds; if absent, now), `callId`, `pushId`, `sessionId`,
/// `error` (its `type` and `message`), `cdr` (the SDK's call details). Further fields are stored too.
typedef SdkEvent = Map<String, dynamic>;

/// A line of the SDK's log: its `message`, and what there is of `level`, `tag` and `time`.
typedef LogLine = Map<String, dynamic>;

/// What a call is about, for the callee.
typedef CallShown = ({String message, String callerName});

typedef Contact = ({String name, String number});
typedef ContactGroup = ({String name, List<Contact> contacts});

/// A call as the user saw it; null where nothing is known (yet). Times are epoch seconds.
typedef ListedCall = ({
  String id,
  List<String> pushIds,
  bool isIncoming,
  String? otherParty,
  int? startedAt,
  String? outcome,
  num? talkSeconds,
  int? rating,
});

/// [cursor] is for the next page; null on the last one.
typedef CallPage = ({List<ListedCall> calls, String? cursor});

/// A refusal, or no answer: then [status] is 0 and [code] is `offline`. Later versions have codes that are not known yet.
final class SwitchboardException implements Exception {
  const SwitchboardException(this.status, this.code, this.message, {this.field, this.retryAfter, this.requestId});

  final int status;
  final String code;
  final String message;
  final String? field;

  /// Seconds to wait before the next try.
  final num? retryAfter;

  /// Quote it to whoever runs the service.
  final String? requestId;

  /// Whether sending the same again is of no use.
  bool get isFinal => const {400, 413, 422}.contains(status);

  @override
  String toString() => 'SwitchboardException($status, $code): $message';
}

final class Switchboard {
  /// [baseUrl] is such as `https://…/v1`; [deviceId] is the SDK's own device id, to which Exotel binds its tokens.
  Switchboard({
    required this.baseUrl,
    required this.accountSid,
    required this.deviceId,
    required this.platform,
    required this.store,
    http.Client? client,
  }) : _http = client ?? http.Client();

  final String baseUrl;
  final String accountSid;
  final String deviceId;

  /// `android` or `ios`.
  final String platform;
  final Store store;

  /// The session has ended elsewhere: show the login.
  FutureOr<void> Function(String code)? onSessionEnded;

  static const _loginKey = 'switchboard.login';
  static const _eventsKey = 'switchboard.events';
  static const _timeout = Duration(seconds: 15);
  static const _mostQueued = 500; // the oldest events are dropped
  static const _mostInBatch = 100;
  static const _mostIdsInBatch = 16;
  static const _mostLogLines = 500;
  static const _mostLogCharacters = 15000; // at most 60,000 bytes

  final http.Client _http;
  Login? _current;
  List<SdkEvent> _events = [];
  Future<void>? _restored;
  Future<Login>? _renewing;
  Future<void>? _flushing;

  /// The login that is in force, also after a restart of the app; null if there is none.
  Future<Login?> session() async {
    await (_restored ??= _restore());
    return _current;
  }

  /// Log in with the user's name and password. A wrong one is a SwitchboardException with the status 403.
  Future<Login> login(String userName, String password) => _login(null, userName, password);

  /// Log in with an id token of your own identity provider.
  Future<Login> loginWithIdToken(String idToken) => _login(idToken);

  Future<Login> _login(String? bearer, [String? userName, String? password]) =>
      _begin(_send('POST', 'login', bearer: bearer, body: {
        'user_name': userName,
        'password': password,
        'account_sid': accountSid,
        'device_id': deviceId,
        'platform': platform,
      }));

  /// Get new tokens for the SDK; the session stays. Calls at the same time share one request.
  Future<Login> renewToken() =>
      _renewing ??= _begin(_send('POST', 'token', body: {'device_id': deviceId, 'platform': platform}))
          .whenComplete(() => _renewing = null);

  /// End the session. Without an answer the user stays logged in, because the phone would go on ringing.
  Future<void> logout([String? deviceToken]) async {
    await flush().catchError((Object _) {});
    try {
      await _send('POST', 'logout', body: {'deviceToken': deviceToken});
    } on SwitchboardException catch (error) {
      if (error.status != 401) rethrow;
    }
    await _forget();
  }

  /// Make this phone ring for the user. Send it at each start of the app, and when the token changes.
  Future<void> registerPush(PushToken token) => _send('POST', 'devicetoken', body: {
        'deviceToken': token.deviceToken,
        'tokenType': token.tokenType.wire,
        'environment': token.environment,
        'bundleId': token.bundleId,
        'deviceId': deviceId,
        'platform': platform,
        'knows': ['cancel'],
      });

  /// Say whom the next call is for. Each context answers one call.
  Future<void> setContext(String callee, [String message = '']) =>
      _send('POST', 'context', body: {'dialToNumber': callee, 'message': message});

  Future<void> clearContext() => _send('DELETE', 'context');

  Future<List<ContactGroup>> contacts() async {
    final answer = await _send('GET', 'contacts');
    return _objects(answer['response']).map((entry) {
      final group = entry['data'] as Map<String, dynamic>;
      final contacts = _objects(group['contacts']);
      return (
        name: group['group'] as String,
        contacts: [
          for (final one in contacts) (name: one['contact_name'] as String, number: one['contact_number'] as String),
        ],
      );
    }).toList();
  }

  /// Confirm a push and say what this phone does with it; learn what the call is about, if that is known.
  Future<CallShown?> acknowledge(String pushId, AckState state) async {
    final answer = await _send('POST', 'pushes/$pushId/ack', body: {'state': state.name});
    final about = answer['context'] as Map<String, dynamic>?;
    return about == null ? null : (message: about['message'] as String, callerName: about['callerName'] as String);
  }

  /// [callId] is the CallSid, the push's `pushId` or the SDK's session id; a [rating] of 5 is excellent, 1 terrible.
  Future<void> giveFeedback(String callId, int rating, Issue issue,
          {String? comment, Map<String, dynamic>? statistics}) =>
      _send('POST', 'feedback', body: {
        'callId': callId,
        'rating': rating,
        'issue': issue.wire,
        'comment': comment,
        'statistics': statistics,
      });

  /// Send lines of the SDK's log, in as few requests as their size allows.
  Future<void> sendLogs(List<LogLine> lines) async {
    for (var left = lines; left.isNotEmpty;) {
      var size = 0;
      final fitting = left
          .take(_mostLogLines)
          .takeWhile((line) => (size += jsonEncode(line).length) <= _mostLogCharacters)
          .toList();
      final batch = fitting.isEmpty ? [left.first] : fitting;
      await _send('POST', 'logs', body: {'platform': platform, 'lines': batch});
      left = left.sublist(batch.length);
    }
  }

  /// A page of the user's own calls, newest first.
  Future<CallPage> calls({String? cursor, int limit = 20}) async {
    final answer = await _send('GET', 'calls', query: {'limit': '$limit', 'cursor': cursor});
    return (calls: _objects(answer['calls']).map(_listed).toList(), cursor: answer['cursor'] as String?);
  }

  /// Keep an event until the next flush, also over a restart of the app.
  Future<void> report(SdkEvent event) async {
    await session();
    final timed = {'time': DateTime.now().millisecondsSinceEpoch, ..._present(event)};
    _events = [..._events.skip(_events.length < _mostQueued ? 0 : 1), timed];
    await _keepEvents();
  }

  /// Send what was reported, in one request where it fits: at the end of a call and when the network is back.
  Future<void> flush() => _flushing ??= _sendEvents().whenComplete(() => _flushing = null);

  Future<void> _sendEvents() async {
    while (await session() != null && _events.isNotEmpty) {
      final batch = _nextBatch();
      try {
        await _send('POST', 'events', body: {'events': batch});
      } on SwitchboardException catch (error) {
        if (!error.isFinal) rethrow;
      }
      _events = _events.where((event) => !batch.contains(event)).toList();
      await _keepEvents();
    }
  }

  List<SdkEvent> _nextBatch() {
    final ids = <String>{};
    return _events.take(_mostInBatch).takeWhile((event) {
      ids.addAll([event['callId'], event['pushId'], event['sessionId']].whereType<String>());
      return ids.length <= _mostIdsInBatch;
    }).toList();
  }

  Future<Login> _begin(Future<Map<String, dynamic>> answer) async {
    final login = Login(await answer);
    if ((await session())?.subscriberName != login.subscriberName) _events = [];
    _current = login;
    await store.write(_loginKey, jsonEncode(login.json));
    await _keepEvents();
    return login;
  }

  Future<void> _restore() async {
    final login = _decoded(await store.read(_loginKey)), events = _decoded(await store.read(_eventsKey));
    if (login is Map<String, dynamic>) _current = Login(login);
    if (events is List) _events = _objects(events).toList();
  }

  Future<void> _forget() async {
    _current = null;
    _events = [];
    await store.write(_loginKey, null);
    await store.write(_eventsKey, null);
  }

  Future<void> _keepEvents() => store.write(_eventsKey, jsonEncode(_events));

  static const _session = '';

  /// Send a request; values of the body that are null are left out. [bearer] is the session unless it is given, or null.
  Future<Map<String, dynamic>> _send(String method, String path,
      {Map<String, String?> query = const {}, Map<String, dynamic>? body, String? bearer = _session}) async {
    final login = await session();
    if (bearer == _session && login == null) throw const SwitchboardException(401, 'no_session', 'log in first');
    final proof = bearer == _session ? login!.sessionToken : bearer;
    final request = http.Request(method, _url(path, query, bearer == _session ? login : null));
    if (proof != null) request.headers['Authorization'] = 'Bearer $proof';
    if (body != null) {
      request.headers['Content-Type'] = 'application/json';
      request.body = jsonEncode(_present(body));
    }
    final response = await _answered(request);
    final answer = _decoded(utf8.decode(response.bodyBytes, allowMalformed: true));
    final isOurs = answer is Map<String, dynamic>;
    if (response.statusCode ~/ 100 == 2) {
      if (isOurs) return answer;
      throw SwitchboardException(response.statusCode, 'unreadable', "the answer is not Switchboard's");
    }
    final problem = _problem(response, isOurs ? answer : const {});
    if (response.statusCode == 401 && bearer == _session && proof == _current?.sessionToken) {
      await _forget();
      await onSessionEnded?.call(problem.code);
    }
    throw problem;
  }

  Uri _url(String path, Map<String, String?> query, Login? login) {
    final base = Uri.parse(baseUrl);
    final user = login == null ? const <String>[] : ['accounts', accountSid, 'subscribers', login.subscriberName];
    final parts = [...base.pathSegments.where((part) => part.isNotEmpty), ...user, ...path.split('/')];
    final given = {for (final MapEntry(:key, :value) in query.entries) if (value != null) key: value};
    return base.replace(pathSegments: parts, queryParameters: given.isEmpty ? null : given);
  }

  Future<http.Response> _answered(http.Request request) async {
    try {
      return await http.Response.fromStream(await _http.send(request).timeout(_timeout)).timeout(_timeout);
    } on Exception {
      throw const SwitchboardException(0, 'offline', 'no answer from the server');
    }
  }
}

Map<String, dynamic> _present(Map<String, dynamic> values) =>
    {for (final MapEntry(:key, :value) in values.entries) if (value != null) key: value};

List<Map<String, dynamic>> _objects(dynamic list) => (list as List).cast<Map<String, dynamic>>();

/// What a text in JSON says; null where it is none.
Object? _decoded(String? text) {
  try {
    return jsonDecode(text ?? '');
  } on FormatException {
    return null;
  }
}

ListedCall _listed(Map<String, dynamic> call) => (
      id: call['id'] as String,
      pushIds: (call['push_ids'] as List).cast<String>(),
      isIncoming: call['direction'] == 'incoming',
      otherParty: call['other_party'] as String?,
      startedAt: call['started_at'] as int?,
      outcome: call['outcome'] as String?,
      talkSeconds: call['talk_seconds'] as num?,
      rating: call['rating'] as int?,
    );

SwitchboardException _problem(http.Response response, Map<String, dynamic> told) => SwitchboardException(
      response.statusCode,
      told['code'] as String? ?? 'gateway', // API Gateway's own refusals have no code
      told['message'] as String? ?? 'the server answered ${response.statusCode}',
      field: told['field'] as String?,
      retryAfter: num.tryParse(response.headers['retry-after'] ?? ''),
      requestId: told['request_id'] as String?,
    );
